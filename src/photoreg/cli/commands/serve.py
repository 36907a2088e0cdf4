"""`serve`: the desk in the browser, on this computer or behind a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from photoreg.cli.app import CliContext, Command
from photoreg.cli.options import option
from photoreg.cli.output import print_line, print_note
from photoreg.errors import InputDataError, RegistryError
from photoreg.installation import install_command
from photoreg.texts import N_, _

if TYPE_CHECKING:
    from photoreg.services.application import Application

PORT = 8600
DEMO_LOGIN = "kaisa"
"""The coordinator of the sample registry, who sees most."""

OWN_ADDRESSES = frozenset({"127.0.0.1", "::1", "localhost"})


@click.command(
    "serve",
    cls=Command,
    help=N_(
        "Open the desk: photoreg in the browser, on this computer only. The first line is an "
        "address that opens it once, as you. Stop it with Ctrl+C."
    ),
    example="photoreg serve",
)
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help=N_("The port; 0 takes any that is free."),
)
@option("--no-browser", is_flag=True, help=N_("Do not open the browser."))
@option(
    "--demo",
    is_flag=True,
    help=N_("With a registry of sample photos, which is deleted afterwards."),
)
@option(
    "--behind-proxy",
    "proxy",
    metavar="ADDRESS",
    help=N_("The address of the proxy that passes requests on by TLS."),
)
@option(
    "--host",
    "hosts",
    multiple=True,
    help=N_("A name by which browsers reach the desk; can be repeated."),
)
@option("--listen", default="127.0.0.1", show_default=True, help=N_("The address to listen at."))
@click.pass_obj
def serve_command(
    context: CliContext,
    port: int,
    no_browser: bool,
    demo: bool,
    proxy: str | None,
    hosts: tuple[str, ...],
    listen: str,
) -> None:
    """Serve the desk."""
    try:
        from photoreg.web.server import serve
        from photoreg.web.serving import LOCAL_HOSTS, Desk, OneTimeAddress
    except ImportError as error:
        raise RegistryError(
            N_("photoreg on this computer does not have the desk"),
            N_("Install it with: {command}"),
            command=install_command("photoreg[web]"),
        ) from error
    from photoreg.services.organisation.registry_setup import organisation_of

    if listen not in OWN_ADDRESSES and not proxy:
        raise InputDataError(
            N_("other computers reach the desk through a proxy with TLS only"),
            N_("Name the proxy's address, or listen at 127.0.0.1."),
            fields=("proxy", "listen"),
        )
    with _served(context, is_demo=demo) as application:
        one_time = OneTimeAddress()
        desk = Desk(
            application.registry,
            organisation=organisation_of(application),
            hosts=hosts if proxy else (*hosts, *LOCAL_HOSTS),
            own=None if proxy else application,
            one_time=None if proxy else one_time,
            is_secure=bool(proxy),
        )

        def ready(taken: int) -> None:
            address = f"http://{f'[{listen}]' if ':' in listen else listen}:{taken}/"
            print_line(address if proxy else f"{address}enter/{one_time.secret}")
            print_note(_("The desk is open. Stop it with Ctrl+C."))
            if not (proxy or no_browser):
                click.launch(f"{address}enter/{one_time.secret}")

        serve(desk, listen, port, ready=ready, trusted_proxy=proxy)


@contextmanager
def _served(context: CliContext, *, is_demo: bool) -> Iterator["Application"]:
    """Give the application for whoever starts the desk; that of the sample registry is removed."""
    if not is_demo:
        yield context.application
        return
    from photoreg.cli.commands.demo import make_demo_registry
    from photoreg.registry.engines.database import Registry
    from photoreg.services.application import Application

    with TemporaryDirectory(prefix="photoreg-demo-", ignore_cleanup_errors=True) as folder:
        registry = Registry.open(make_demo_registry(Path(folder)))
        try:
            yield Application(registry, DEMO_LOGIN, computer_login=DEMO_LOGIN)
        finally:
            registry.close()
