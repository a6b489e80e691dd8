"""hubwatch follows the announcements of the U.S. manufacturing innovation hubs."""

__version__ = "0.1.0"
