"""The routes of the REST API that a bot like ours uses, a file for each kind of thing."""

from standin.rest import Route

from . import application, callbacks, channels, guilds, users, webhooks

ALL: list[Route] = [
    route
    for module in (application, callbacks, channels, guilds, users, webhooks)
    for route in module.routes.table
]
