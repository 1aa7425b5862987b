// A form with data-autosubmit is sent when a choice in it changes; its button is for those without
// a script.

/** Start the forms of a page. @param {Document} page @returns {void} */
export function startAutosubmit(page) {
  page.addEventListener("change", (event) => {
    if (!(event.target instanceof Element)) return;
    const form = event.target.closest("form[data-autosubmit]");
    if (form instanceof HTMLFormElement) form.requestSubmit();
  });
}
