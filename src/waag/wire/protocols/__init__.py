"""Where each AWS protocol keeps operation name, headers and errors."""
