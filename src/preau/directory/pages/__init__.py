"""The directory in a browser: people, groups, powers and guardians."""
