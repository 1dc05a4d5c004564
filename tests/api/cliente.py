"""Ask an application as a browser would, in this process and without a network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from fastapi import FastAPI


class Cliente:
    """A client of one application; what it cannot answer is a 500, as on the wire."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask and wait for the answer, where no browser under test keeps a loop running."""
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(lambda: asyncio.run(self._ask(method, path, **more))).result()

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask with GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Ask with POST."""
        return self.request("POST", path, **more)

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **more)
