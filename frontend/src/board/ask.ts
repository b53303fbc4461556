// Asks the server as JSON. What it refuses comes as problem+json, whose `detail` is meant for the reader.

export async function get<Answer>(address: string): Promise<Answer> {
  return answered(await reach(address, { headers: { accept: "application/json" } }));
}

export async function post<Answer>(address: string, said: unknown): Promise<Answer> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  return answered(await reach(address, { method: "POST", headers, body: JSON.stringify(said) }));
}

// A form, as the browser would send it; where it leads is not followed.
export async function send(address: string, said: URLSearchParams): Promise<void> {
  const answer = await reach(address, { method: "POST", headers: { accept: "application/json" }, body: said, redirect: "manual" });
  if (answer.type !== "opaqueredirect") await answered(answer);
}

export async function html(address: string): Promise<string> {
  const answer = await reach(address, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(LOST);
  return answer.text();
}

const LOST = "The page has lost its sign-in or purpose; load it again.";

async function reach(address: string, how: RequestInit): Promise<Response> {
  try {
    return await fetch(address, how);
  } catch {
    throw new Error("The server did not answer; check the network and try again.");
  }
}

async function answered<Answer>(answer: Response): Promise<Answer> {
  const kind = answer.headers.get("content-type") ?? "";
  if (!kind.includes("json")) throw new Error(answer.ok ? LOST : `The server answered ${answer.status}; try again.`);
  const said: unknown = await answer.json();
  if (answer.ok) return said as Answer;
  const detail = (said as { detail?: unknown } | null)?.detail;
  throw new Error(typeof detail === "string" && detail ? detail : `The server answered ${answer.status}; try again.`);
}
