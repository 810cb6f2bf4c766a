"""Mail in: any bytes are read, what they are is decided, and one thing is done; all ways in share this path."""
