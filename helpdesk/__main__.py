"""`python -m helpdesk` is the console too."""

from helpdesk.cli import main

main()
