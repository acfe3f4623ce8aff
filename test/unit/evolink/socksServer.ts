import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SocksServer {
  port: number;
  /** What was asked for: version, host and port, and who asked. */
  seen: string[];
  close: () => Promise<void>;
}

/** A SOCKS proxy of versions 4, 4a and 5 on the loopback, which leads everything to one port. */
export async function startSocksServer(
  targetPort: number,
  { password, status = 0 }: { password?: string; status?: number } = {},
): Promise<SocksServer> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket).catch(() => socket.destroy());
  });

  async function serve(socket: Socket): Promise<void> {
    const [version = 0, second = 0] = await take(socket, 2);
    if (version === 4) {
      const head = await take(socket, 6);
      const user = await takeText(socket);
      const isName = head[2] === 0;
      const host = isName ? await takeText(socket) : head.subarray(2).join('.');
      seen.push(`4 ${user}@${host}:${String(head.readUInt16BE(0))}`);
      socket.write(Uint8Array.of(0, status === 0 ? 90 : 91, 0, 0, 0, 0, 0, 0));
    } else {
      const methods = await take(socket, second);
      const isAsked = password !== undefined;
      if (isAsked && !methods.includes(2)) return void socket.end(Uint8Array.of(5, 255));
      socket.write(Uint8Array.of(5, isAsked ? 2 : 0));
      let who = '';
      if (isAsked) {
        await take(socket, 1);
        const user = await takeField(socket);
        const given = await takeField(socket);
        who = `${user}:${given}@`;
        socket.write(Uint8Array.of(1, given === password ? 0 : 1));
        if (given !== password) return;
      }
      const [, , , kind = 0] = await take(socket, 4);
      const host =
        kind === 3
          ? await takeField(socket)
          : kind === 1
            ? (await take(socket, 4)).join('.')
            : (await take(socket, 16)).toString('hex');
      seen.push(`5 ${who}${host}:${String((await take(socket, 2)).readUInt16BE(0))}`);
      // A name in the answer, which few proxies give.
      socket.write(Buffer.concat([Uint8Array.of(5, status, 0, 3, 4), Buffer.from('here\0\0')]));
    }
    if (status !== 0) return void socket.end();
    const onward = connect(targetPort, '127.0.0.1');
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes) return bytes;
    await once(socket, 'readable');
  }
}

async function takeField(socket: Socket): Promise<string> {
  const [length = 0] = await take(socket, 1);
  return (await take(socket, length)).toString();
}

async function takeText(socket: Socket): Promise<string> {
  let text = '';
  for (;;) {
    const [code = 0] = await take(socket, 1);
    if (code === 0) return text;
    text += String.fromCharCode(code);
  }
}
