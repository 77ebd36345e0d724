"""The commands: serve (without a name), demo, setup, key."""

from __future__ import annotations

import asyncio

import typer

from ferryman.settings import new_key
from server import options
from server.demo.command import demo
from server.failures import sentences
from server.serve import serve
from server.setup import set_up
from server.tools import app as tools

app = typer.Typer(name="ferryman server", add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def server(
    context: typer.Context,
    *,
    data: options.Data = None,
    database_url: options.DatabaseUrl = None,
    host: options.Host = None,
    port: options.Port = None,
    temporal_port: options.TemporalPort = None,
    temporal_ui_port: options.TemporalUiPort = None,
    temporal_address: options.TemporalAddress = None,
    temporal_namespace: options.TemporalNamespace = None,
    temporal_tls: options.TemporalTls = None,
    temporal_tls_ca: options.TemporalTlsCa = None,
    temporal_tls_cert: options.TemporalTlsCert = None,
    temporal_tls_key: options.TemporalTlsKey = None,
    temporal_api_key_file: options.TemporalApiKeyFile = None,
) -> None:
    """Run Ferryman: Temporal, store, worker and API, with one data folder.

    Ctrl-C lets running steps end, then stops everything. Whatever can be set can be set in the
    environment, too: FERRYMAN_PORT, FERRYMAN_TEMPORAL__ADDRESS.
    """
    with sentences():
        context.obj = options.settings_of(
            {
                "data": data,
                "database_url": database_url,
                "host": host,
                "port": port,
                "temporal_port": temporal_port,
                "temporal_ui_port": temporal_ui_port,
            },
            {
                "address": temporal_address,
                "namespace": temporal_namespace,
                "tls": temporal_tls,
                "tls_server_ca": temporal_tls_ca,
                "tls_client_cert": temporal_tls_cert,
                "tls_client_key": temporal_tls_key,
                "api_key": options.api_key_in(temporal_api_key_file),
            },
        )
        if context.invoked_subcommand is None:
            asyncio.run(serve(context.obj))


app.command()(demo)
app.add_typer(tools, name="tools")


@app.command()
def setup(context: typer.Context) -> None:
    """Migrate the store and prepare Temporal's namespace, for parts that run alone."""
    with sentences():
        asyncio.run(set_up(context.obj))


@app.command()
def key() -> None:
    """Print a new encryption key, for FERRYMAN_ENCRYPTION_KEY."""
    typer.echo(new_key())
