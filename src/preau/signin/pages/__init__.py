"""The door, and what people manage of it themselves."""
