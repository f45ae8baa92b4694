"""TLS in front of the proxy: the certificate of files, also when these change."""
import asyncio, os, ssl, subprocess, tempfile
from websockets import connect
from .peers import Proxy, Server, expect

def make_certificate(folder, name):
    """Makes a certificate for 127.0.0.1; returns the paths of it and of its key."""
    files = [f"{folder}/{name}.pem", f"{folder}/{name}-key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:proxy.example", "-out", files[0], "-keyout", files[1]],
                   check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return files

async def certificate_is_renewed(program):
    """A changed certificate serves new connections; those that are open go on."""
    async def play(socket):
        async for message in socket: await socket.send(message)

    async def echo(socket):
        await socket.send("hello")
        expect("the echo", await asyncio.wait_for(socket.recv(), 5), "hello")

    with tempfile.TemporaryDirectory() as folder:
        used, (second, second_key) = make_certificate(folder, "used"), make_certificate(folder, "second")
        trust = [ssl.create_default_context(cafile=path) for path in (used[0], second)]
        source = {"tls": {"certificate": used[0], "key": used[1]}}
        async with Server(play) as server, Proxy(program, server.url, source=source) as proxy:
            expect("the scheme", proxy.scheme, "wss")
            async with proxy.connect(ssl=trust[0]) as old:
                await echo(old)
                os.replace(second_key, used[1])
                os.replace(second, used[0])
                async def serves_new():
                    try:
                        async with proxy.connect(ssl=trust[1]) as socket: await echo(socket)
                    except ssl.SSLCertVerificationError: return False
                    return True
                for _ in range(50):
                    if await serves_new(): break
                    await asyncio.sleep(0.1)
                expect("that the new certificate is served", await serves_new(), True)
                await echo(old)
            url = f"wss://proxy.example:{proxy.port}/v1/realtime"
            async with connect(url, host="127.0.0.1", ssl=trust[1], proxy=None) as socket: await echo(socket)
            await proxy.end()

CASES = [certificate_is_renewed]
