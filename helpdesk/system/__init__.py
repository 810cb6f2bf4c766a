"""What the operator looks after: snapshots, drills, and how the installation does."""
