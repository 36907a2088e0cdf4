"""`serve`: the desk in the browser, on this computer or behind a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
    from photoreg.web.desk.set_up import SetUp

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
    "--user-header",
    metavar="NAME",
    help=N_(
        "The header in which that proxy tells the login of whoever has signed in there; they must "
        "be users of the registry."
    ),
)
@option(
    "--host",
    "hosts",
    multiple=True,
    help=N_("A name by which browsers reach the desk; can be repeated."),
)
@option(
    "--photos",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=N_("The folder for photos that are sent to the desk; by default beside the registry."),
)
@option("--listen", default="127.0.0.1", show_default=True, help=N_("The address to listen at."))
@click.pass_obj
def serve_command(
    context: CliContext,
    port: int,
    no_browser: bool,
    demo: bool,
    proxy: str | None,
    user_header: str | None,
    hosts: tuple[str, ...],
    photos: Path | None,
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

    photos = photos.absolute() if photos else None
    if listen not in OWN_ADDRESSES and not proxy:
        raise InputDataError(
            N_("other computers reach the desk through a proxy with TLS only"),
            N_("Name the proxy's address, or listen at 127.0.0.1."),
            fields=("proxy", "listen"),
        )
    if user_header and not proxy:
        raise InputDataError(
            N_("a header tells who has signed in only when a proxy is named that sets it"),
            N_("Name the proxy's address, or leave the header out."),
            fields=("proxy", "user_header"),
        )
    if not (demo or proxy) and _is_first(context):
        new = _set_up(context, hosts, photos)
        opened = partial(
            _tell_open, listen, f"set-up/{new.one_time.secret}", browser=not no_browser
        )
        serve(new, listen, port, ready=opened)
        return
    with _served(context, is_demo=demo) as application:
        if user_header and application.registry.is_on_server:
            raise InputDataError(
                N_("a registry on a server does not take a proxy's word on who has signed in"),
                N_("Its users sign in with passwords, which the server itself looks at."),
                fields=("user_header",),
            )
        one_time = OneTimeAddress()
        desk = Desk(
            application.registry,
            organisation=organisation_of(application),
            hosts=hosts if proxy else (*hosts, *LOCAL_HOSTS),
            own=None if proxy else application,
            one_time=None if proxy else one_time,
            proxy_header=user_header or "",
            is_secure=bool(proxy),
            photos=photos,
        )
        path = "" if proxy else f"enter/{one_time.secret}"
        opened = partial(_tell_open, listen, path, browser=not (proxy or no_browser))
        serve(desk, listen, port, ready=opened, trusted_proxy=proxy)


def _tell_open(listen: str, path: str, taken: int, *, browser: bool) -> None:
    """Print the address of the desk, first of all, and open it."""
    address = f"http://{f'[{listen}]' if ':' in listen else listen}:{taken}/{path}"
    print_line(address)
    print_note(_("The desk is open. Stop it with Ctrl+C."))
    if browser:
        click.launch(address)


def _is_first(context: CliContext) -> bool:
    """Return whether there is no registry, here or elsewhere, that may be meant."""
    from photoreg.cli.printing.where_looked import lines_about_last, registries_beside

    where = context.location
    if "://" in where or Path(where).exists():
        return False
    return not registries_beside(where) and not lines_about_last(where, None)


def _set_up(context: CliContext, hosts: tuple[str, ...], photos: Path | None) -> "SetUp":
    """Return the page that makes a registry, and then is the desk."""
    from photoreg.cli.last_registry import remember_registry
    from photoreg.cli.settings import system_login
    from photoreg.registry.engines.database import Registry
    from photoreg.services.application import Application
    from photoreg.services.organisation.registry_setup import create_registry
    from photoreg.web.desk.set_up import NewRegistry, SetUp
    from photoreg.web.serving import LOCAL_HOSTS, Desk, OneTimeAddress

    names = (*hosts, *LOCAL_HOSTS)

    def make(new: NewRegistry) -> Desk:
        create_registry(
            context.location,
            organisation=new.organisation,
            login=new.login,
            name=new.name,
            evidence=context.evidence,
            changes=new.settings,
        )
        remember_registry(context.redacted_location)
        registry = Registry.open(context.location, context.evidence)
        own = Application(registry, new.login, computer_login=system_login(), command="serve")
        return Desk(
            registry,
            organisation=new.organisation,
            hosts=names,
            own=own,
            one_time=OneTimeAddress(),
            photos=photos,
        )

    return SetUp(
        make=make, place=str(Path(context.location).absolute()), login=context.login, hosts=names
    )


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
