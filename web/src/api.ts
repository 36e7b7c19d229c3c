// The control API, and through `/as/{user}` the REST API of whoever is spoken for.

const base = "/_sandbox/v1";

export class ApiError extends Error {
    constructor(
        text: string,
        readonly status: number,
    ) {
        super(text);
    }
}

/** Errors: ApiError for what the sandbox refuses; with status 0 when it cannot be reached. */
export async function request(method: string, path: string, body?: unknown): Promise<Response> {
    const given = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    let response: Response;
    try {
        response = await fetch(base + path, { method, cache: "no-store", ...given });
    } catch {
        throw new ApiError("The sandbox does not answer", 0);
    }
    if (response.ok) return response;
    const { error, message } = await response.json().catch(() => ({}));
    throw new ApiError(error ?? message ?? `${method} ${path} was answered ${response.status}`, response.status);
}

export async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await request(method, path, body);
    return (response.status === 204 ? undefined : await response.json()) as T;
}

export const as = <T>(user: string, method: string, path: string, body?: unknown) =>
    control<T>(method, `/as/${encodeURIComponent(user)}${path}`, body);

/** Lists come plain or wrapped under their one key, by dialect (protocol §9). */
export function list<T>(answer: unknown): T[] {
    if (Array.isArray(answer)) return answer as T[];
    return (Object.values((answer ?? {}) as object).find(Array.isArray) ?? []) as T[];
}
