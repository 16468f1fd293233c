// Large type, remembered on this device; printing and passing on. Without this file every page works as it is.
"use strict";
(function () {
  const page = document.documentElement;
  const script = document.currentScript;
  if (page.dataset.ready) return; // a page that asks for this file at several depths got it twice
  page.dataset.ready = "1";

  const remembered = function (value) {
    try {
      if (value === undefined) return localStorage.getItem("large") === "1";
      localStorage.setItem("large", value ? "1" : "0");
    } catch (error) {
      return page.classList.contains("large"); // storage is switched off: this page only
    }
    return value;
  };
  page.classList.toggle("large", remembered());
  const button = document.getElementById("large");
  const show = function () {
    const large = page.classList.contains("large");
    button.setAttribute("aria-pressed", String(large));
    button.textContent = large ? "标准字" : "大字版";
  };
  button.hidden = false;
  show();
  button.addEventListener("click", function () {
    remembered(page.classList.toggle("large"));
    show();
  });

  document.getElementById("address").textContent = location.href;

  const offer = function (name, deed) {
    document.querySelectorAll("button." + name).forEach(function (one) {
      one.hidden = false;
      one.addEventListener("click", function () { deed(one); });
    });
  };
  offer("print", function () { window.print(); });
  if (navigator.share) {
    offer("share", function () {
      navigator.share({ title: document.title, url: location.href }).catch(function () { /* not sent */ });
    });
  } else if (navigator.clipboard) {
    offer("share", function (one) {
      navigator.clipboard.writeText(location.href).then(function () { one.textContent = "网址已复制"; });
    });
  }

  if (script && "lost" in script.dataset) { // shown at an address of any depth: lead back from where this file lies
    const root = new URL("..", script.src);
    document.querySelectorAll("a[href]:not([href^='#']):not([href^='tel:'])").forEach(function (link) {
      link.href = new URL(link.getAttribute("href"), root).href;
    });
    document.querySelectorAll("form[action]").forEach(function (form) {
      form.action = new URL(form.getAttribute("action"), root).href;
    });
  }
})();
