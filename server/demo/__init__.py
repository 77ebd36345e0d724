"""What the demo needs beside the server: a registry, images, a git server, the story."""
