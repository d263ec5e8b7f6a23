"use strict";
// YASGUI on our own endpoint: nothing is asked of another host (its lists of prefixes and of vocabularies are
// replaced by ours), and IRIs of ours lead to this server's pages.
(() => {
  const place = document.getElementById("yasgui");
  const examples = document.getElementById("examples");
  const { base, root } = place.dataset;
  const endpoint = new URL(place.dataset.endpoint, location.href).href;
  const prefixes = {};
  for (const option of examples.options)
    for (const [, prefix, iri] of (option.dataset.query || "").matchAll(/PREFIX\s+([\w-]+):\s+<([^>]+)>/g))
      prefixes[prefix] = iri;
  const wanted = new URLSearchParams(location.search).get("query") || examples.selectedOptions[0]?.dataset.query;

  // YASGUI shows the text of an error, not its JSON
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    const answer = await fetched(...request);
    if (!(answer.headers.get("content-type") || "").startsWith("application/problem+json")) return answer;
    const { title, detail } = await answer.json();
    return new Response(`${title}: ${detail}`, { status: answer.status });
  };

  Yasgui.Yasqe.forkAutocompleter("prefixes", {
    name: "our-prefixes",
    get: () => Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
    persistenceId: null,
  }, true);
  Yasgui.Yasqe.defaults.autocompleters = ["variables", "our-prefixes"];
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST" },
    persistenceId: "plankg",
    copyEndpointOnNewTab: false,
    populateFromUrl: false,
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  });
  const show = (query) => {
    const tab = yasgui.getTab();
    tab.setEndpoint(endpoint);
    tab.getYasqe().setValue(query);
  };
  if (wanted) show(wanted);
  examples.addEventListener("change", () => {
    const query = examples.selectedOptions[0].dataset.query;
    if (query) show(query);
  });
  // an IRI of ours is a page of this server
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    if (link.href.startsWith(base)) link.href = `${root}/${link.href.slice(base.length)}`;
    if (link.href.startsWith(location.origin)) event.stopPropagation();
  }, true);
})();
