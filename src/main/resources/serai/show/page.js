
(() => {
  "use strict";
  const every = 5000;
  const staleAfter = 15000;
  const written = () => Date.parse(document.querySelector("main").dataset.now);

  // Ages count from the server's clock. A copy that is opened later than it was written may be old: it is, until the server answers.
  let serverTime = written();
  const suspect = Math.abs(Date.now() - serverTime) > staleAfter;
  let answeredAt = suspect ? Math.min(Date.now(), serverTime) : Date.now();

  const span = seconds => {
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    if (seconds < 48 * 3600) return Math.floor(seconds / 3600) + " h";
    return Math.floor(seconds / 86400) + " days";
  };
  const age = seconds => seconds < 0 ? "in " + span(-seconds) : span(seconds) + " ago";

  const tick = () => {
    const silence = Date.now() - answeredAt;
    const now = serverTime + silence;
    for (const time of document.querySelectorAll("time.age")) {
      const text = age(Math.trunc((now - Date.parse(time.dateTime)) / 1000));
      if (time.textContent !== text) time.textContent = text;
    }
    const stale = document.getElementById("stale");
    const old = silence > staleAfter;
    document.body.classList.toggle("stale", old);
    stale.hidden = !old;
    if (old) stale.textContent = "⚠ STALE: this is what Serai said " + span(Math.floor(silence / 1000)) + " ago. Nothing newer has come.";
  };

  const show = html => {
    const next = new DOMParser().parseFromString(html, "text/html");
    const main = document.querySelector("main");
    const open = [...main.querySelectorAll("details[open]")].map(d => d.dataset.key);
    // a reader who copies an error from the page keeps the selection
    if (!document.getSelection().isCollapsed) return;
    main.replaceWith(next.querySelector("main"));
    for (const d of document.querySelectorAll("details")) d.open = open.includes(d.dataset.key);
    document.title = next.title;
    serverTime = written();
    answeredAt = Date.now();
  };

  const refresh = async () => {
    try {
      const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(every - 500) });
      if (answer.ok) show(await answer.text());
    } catch {
      // tick says so when it lasts
    }
    tick();
  };

  tick();
  setInterval(tick, 1000);
  setInterval(refresh, every);
  if (suspect) refresh();
  addEventListener("pageshow", event => event.persisted && refresh());
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
})();
