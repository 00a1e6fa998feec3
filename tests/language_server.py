"""The YAML language server that editors run, over its standard input and output, as an editor talks to it.

It is the program behind completion and hover for YAML in VS Code and others. A message is a header with its
length, an empty line, and JSON; the server answers requests and sends notices of its own in between.
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tests.conftest import require_npm, require_program

PROGRAM = "yaml-language-server/bin/yaml-language-server"
PATIENCE = 60.0
"""Seconds until a silent server counts as broken."""

_SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
}


class LanguageServer:
    """A running server with one folder; documents exist in the editor alone."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._sent: BinaryIO = process.stdin  # type: ignore[assignment]
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._found: queue.Queue[dict[str, Any]] = queue.Queue()
        self._folder = folder
        self._count = 0
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}}
            },
        }
        root = folder.as_uri()
        self._ask("initialize", processId=None, rootUri=root, capabilities=capabilities)
        self._send({"method": "initialized", "params": {}})

    def mistakes(self, name: str, text: str) -> list[tuple[int, str]]:
        """Open a document: (line, message) of what the server underlines, lines from 1."""
        uri = (self._folder / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while True:
            found = self._found.get(timeout=PATIENCE)
            if found["uri"] == uri:
                return [
                    (m["range"]["start"]["line"] + 1, m["message"]) for m in found["diagnostics"]
                ]

    def completions(self, name: str, text: str) -> dict[str, str]:
        """What the server offers at the end of a document: label -> documentation."""
        self.mistakes(name, text)
        lines = text.split("\n")
        place = {"line": len(lines) - 1, "character": len(lines[-1])}
        result = self._at("completion", name, place)
        items = result["items"] if isinstance(result, Mapping) else result
        return {item["label"]: _words(item.get("documentation")) for item in items}

    def hover(self, name: str, text: str, word: str) -> str:
        """What the server shows over a word of a document."""
        self.mistakes(name, text)
        lines = text.split("\n")
        line = next(number for number, one in enumerate(lines) if word in one)
        result = self._at("hover", name, {"line": line, "character": lines[line].index(word) + 1})
        return _words(result["contents"]) if result else ""

    def _at(self, what: str, name: str, place: Mapping[str, int]) -> Any:
        document = {"uri": (self._folder / name).as_uri()}
        return self._ask(f"textDocument/{what}", textDocument=document, position=place)

    def _ask(self, method: str, **params: object) -> Any:
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while True:
            answer = self._answers.get(timeout=PATIENCE)
            if answer["id"] == self._count:
                assert "error" not in answer, answer
                return answer["result"]

    def _send(self, message: Mapping[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._sent.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._sent.flush()

    def _listen(self, stream: BinaryIO | Any) -> None:
        """Sort what comes: answers, what was found in documents, and questions of the server's own."""
        for message in _messages(stream):
            if message.get("method") == "textDocument/publishDiagnostics":
                self._found.put(message["params"])
            elif message.get("method") == "workspace/configuration":
                sections = [item.get("section") for item in message["params"]["items"]]
                values = [_SETTINGS.get(section or "", {}) for section in sections]
                self._send({"id": message["id"], "result": values})
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif "id" in message:
                self._answers.put(message)


def _messages(stream: BinaryIO | Any) -> Iterator[dict[str, Any]]:
    while header := stream.readline():
        length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
        while stream.readline().strip():
            pass
        if length:
            yield json.loads(stream.read(length))


def _words(documentation: object) -> str:
    """Documentation is text, or text with its kind."""
    if isinstance(documentation, Mapping):
        return str(documentation["value"])
    return str(documentation or "")


@contextmanager
def language_server(folder: Path) -> Iterator[LanguageServer]:
    """The server, for as long as the context lasts."""
    command = [require_program("node"), str(require_npm(PROGRAM)), "--stdio"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield LanguageServer(process, folder)
    finally:
        process.kill()
        process.communicate()
