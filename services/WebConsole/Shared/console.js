// Runs move by the second, the other figures by the minute. Without this script the page reloads itself. Whoever has no
// session any more signs in again, and comes back to this page.
for (const part of document.querySelectorAll("[data-refresh]")) {
  const refresh = async () => {
    try {
      const answer = await fetch(part.dataset.from);
      if (answer.status === 401) {
        location.reload();
        return;
      }
      if (answer.ok) part.innerHTML = await answer.text();
      document.body.classList.toggle("stale", !answer.ok);
    } catch {
      document.body.classList.add("stale");
    }
    setTimeout(refresh, part.dataset.refresh * 1000);
  };
  setTimeout(refresh, part.dataset.refresh * 1000);
}
