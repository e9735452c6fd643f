"""HEAD: the status and headers that GET would answer with, without the body."""

from api.door.door import Application, Message, Receive, Scope, Send


class HeadAsGet:
    """Answers HEAD by running GET and dropping the body."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but HEAD unchanged."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            scope["method"] = "HEAD"  # the server and the log see what the caller sent
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, bodiless)
        finally:
            scope["method"] = "HEAD"
