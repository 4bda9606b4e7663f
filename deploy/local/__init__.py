"""The embedded default: everything Parlour needs, on one machine, from one command."""
