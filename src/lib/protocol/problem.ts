// Errors over HTTP, as RFC 9457 problem details.

/** A problem-details answer. What may not be had and what does not exist are both 404, with the same words. */
export function problem(
  status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503,
  title: string,
  detail?: string
): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, ...(detail ? { detail } : {}) }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  });
}
