"use strict";
// Texts from outside enter the page through textContent alone, so they stay text.
(() => {
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const fold = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const tally = (values) => {
    const counts = new Map();
    for (const value of values) if (value) counts.set(value, (counts.get(value) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  };
  const fill = (select, counts, name = (value) => value) => {
    for (const [value, count] of counts.slice(0, 300)) {
      const option = make("option", "", `${name(value)} (${count})`);
      option.value = value;
      select.append(option);
    }
  };
  const later = (work) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(work, 120); };
  };

  const articles = read("articles-data");
  for (const a of articles) {
    a.haystack = fold([a.title, a.source, a.site, a.authors.join(" "), a.text].join("\n"));
  }
  const titleOfStory = new Map();
  for (const a of articles) if (a.story && !titleOfStory.has(a.story)) titleOfStory.set(a.story, a.title);
  fill(byId("site"), tally(articles.map((a) => a.site)));
  fill(byId("language"), tally(articles.map((a) => a.language)));
  fill(byId("story"), tally(articles.map((a) => a.story)).filter(([, count]) => count > 1),
    (id) => (titleOfStory.get(id) || id).slice(0, 70));

  const orders = {
    date: (a, b) => b.date.localeCompare(a.date),
    relevance: (a, b) => (b.relevance ?? -1) - (a.relevance ?? -1),
    words: (a, b) => b.words - a.words,
    removed: (a, b) => b.removed.length - a.removed.length,
  };
  let found = articles;
  let shown = 0;

  const row = (article) => {
    const item = make("li");
    const button = make("button");
    button.type = "button";
    button.append(make("span", "title", article.title || "(no title)"));
    const about = [article.site, article.date || "no date", article.language,
      `${article.words.toLocaleString("en")} words`, `${article.removed.length} blocks removed`];
    if (article.copy) about.push(article.copy === "update" ? "earlier version" : `copy (${article.copy})`);
    if (article.relevance !== null) about.push(`relevance ${article.relevance.toFixed(2)}`);
    button.append(make("span", "about", about.join(" · ")));
    button.addEventListener("click", () => open(article));
    item.append(button);
    return item;
  };
  const showMore = () => {
    byId("results").append(...found.slice(shown, shown + PAGE).map(row));
    shown = Math.min(shown + PAGE, found.length);
    byId("more").hidden = shown >= found.length;
  };
  const filter = () => {
    const words = fold(byId("query").value).split(/\s+/).filter(Boolean);
    const site = byId("site").value;
    const language = byId("language").value;
    const story = byId("story").value;
    const kind = byId("kind").value;
    found = articles.filter((a) =>
      (!site || a.site === site) && (!language || a.language === language) &&
      (!story || a.story === story) && (!kind || (kind === "copy") === Boolean(a.copy)) &&
      words.every((word) => a.haystack.includes(word)));
    found.sort(orders[byId("order").value]);
    shown = 0;
    byId("results").replaceChildren();
    byId("count").textContent = `${found.length.toLocaleString("en")} of ${articles.length.toLocaleString("en")} articles`;
    showMore();
  };

  let current = null;
  // The same order as cleaners.audit.render: removed blocks at their position, kept ones between.
  const blocks = (article) => {
    const kept = article.text ? article.text.split("\n\n") : [];
    const result = [];
    let next = 0;
    for (const [position, rule, text] of [...article.removed].sort((a, b) => a[0] - b[0])) {
      while (result.length < position && next < kept.length) result.push([null, kept[next++]]);
      result.push([rule, text]);
    }
    while (next < kept.length) result.push([null, kept[next++]]);
    return result;
  };
  const draw = () => {
    const before = byId("before").checked;
    byId("view-text").replaceChildren(...blocks(current)
      .filter(([rule]) => before || rule === null)
      .map(([rule, text]) => {
        if (rule === null) return make("p", "", text);
        const removed = make("p", "gone");
        removed.append(make("span", "rule", rule), make("del", "", text));
        return removed;
      }));
  };
  const open = (article) => {
    current = article;
    byId("view-title").textContent = article.title || "(no title)";
    byId("view-meta").textContent =
      [article.site, article.date, article.authors.join(", ")].filter(Boolean).join(" · ");
    byId("view-url").textContent = article.url || article.source;
    draw();
    byId("view").showModal();
    byId("view").scrollTop = 0;
  };
  byId("after").addEventListener("change", draw);
  byId("before").addEventListener("change", draw);
  byId("view").addEventListener("click", (event) => {
    if (event.target === byId("view")) byId("view").close();
  });
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  byId("query").addEventListener("input", later(filter));
  for (const id of ["site", "language", "story", "kind", "order"]) {
    byId(id).addEventListener("change", filter);
  }
  byId("more").addEventListener("click", showMore);
  filter();

  if (!byId("reject-rows")) return;
  const rejects = read("rejects-data");
  fill(byId("reason"), tally(rejects.map((r) => r[3])));
  let refused = rejects;
  let drawn = 0;
  const drawRejects = () => {
    byId("reject-rows").append(...refused.slice(drawn, drawn + PAGE).map((reject) => {
      const line = make("tr");
      line.append(make("td", "", reject[0]), make("td", "", `${reject[3]} (${reject[2]})`),
        make("td", "", reject[4]));
      return line;
    }));
    drawn = Math.min(drawn + PAGE, refused.length);
    byId("reject-more").hidden = drawn >= refused.length;
  };
  const filterRejects = () => {
    const words = fold(byId("reject-query").value).split(/\s+/).filter(Boolean);
    const reason = byId("reason").value;
    refused = rejects.filter((r) => (!reason || r[3] === reason) &&
      words.every((word) => fold(r.join(" ")).includes(word)));
    drawn = 0;
    byId("reject-rows").replaceChildren();
    byId("reject-count").textContent = `${refused.length.toLocaleString("en")} of ${rejects.length.toLocaleString("en")} rejections`;
    drawRejects();
  };
  byId("reject-query").addEventListener("input", later(filterRejects));
  byId("reason").addEventListener("change", filterRejects);
  byId("reject-more").addEventListener("click", drawRejects);
  filterRejects();
})();
