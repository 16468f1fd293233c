// Large type, remembered on this device. Without this file every page works as it is.
"use strict";
(function () {
  const page = document.documentElement;
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
  document.addEventListener("DOMContentLoaded", function () {
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
  });
})();
