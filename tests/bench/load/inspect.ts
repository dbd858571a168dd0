// A CPU profile of another Node process, by its inspector, over the measured time alone.
import fs from 'node:fs';

interface Answer {
  readonly id?: number;
  readonly result?: { readonly profile?: unknown };
}

/** Begins a profile of the process whose inspector listens on `port`; the answer ends it and writes it to `file`. */
export async function profileOf({
  port,
  file
}: {
  port: number;
  file: string;
}): Promise<() => Promise<void>> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let asked = 0;
  const ask = (method: string, params: object = {}): Promise<Answer> =>
    new Promise((resolve) => {
      const id = ++asked;
      const hear = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data)) as Answer;
        if (answer.id !== id) return;
        socket.removeEventListener('message', hear);
        resolve(answer);
      };
      socket.addEventListener('message', hear);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: 200 });
  await ask('Profiler.start');
  return async () => {
    const { result } = await ask('Profiler.stop');
    fs.writeFileSync(file, JSON.stringify(result?.profile));
    socket.close();
  };
}
