"use strict";
// YASGUI on our own endpoint: nothing is asked of another host (its lists of prefixes and of vocabularies are
// replaced by ours), and IRIs of ours lead to this server's pages.
(() => {
  const place = document.getElementById("yasgui");
  const examples = document.getElementById("examples");
  const { endpoint, base, root } = place.dataset;
  const prefixes = {};
  for (const option of examples.options)
    for (const [, prefix, iri] of (option.dataset.query || "").matchAll(/PREFIX\s+([\w-]+):\s+<([^>]+)>/g))
      prefixes[prefix] = iri;
  const wanted = new URLSearchParams(location.search).get("query") || examples.selectedOptions[0]?.dataset.query;

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
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.href.startsWith(base)) link.href = `${root}/${link.href.slice(base.length)}`;
  }, true);
})();
