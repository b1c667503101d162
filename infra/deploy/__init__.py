"""A school in one command: `python -m infra.deploy`."""
