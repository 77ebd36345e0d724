"""The shapes of requests and answers, where they are not a resource of the domain itself."""
