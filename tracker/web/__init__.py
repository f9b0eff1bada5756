"""The web app: pages made on the server, which work without a script."""
