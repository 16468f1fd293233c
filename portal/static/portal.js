// Everything here is comfort: each page works without it.
(function () {
  "use strict";

  var me = document.body.dataset.me;
  var KEPT = "portal-kept:";
  var MINE = KEPT + me + ":";
  var SENT = "portal-sent";

  function formKey(form) {
    return MINE + (form.dataset.keep || form.getAttribute("action") || location.pathname);
  }

  function typedFields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(hidden|password|file|submit|button)$/.test(field.type);
    });
  }

  function typedValues(form) {
    return JSON.stringify(typedFields(form).map(function (field) {
      return [field.name, /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value];
    }));
  }

  // Nothing typed is lost: long forms are copied to this computer while they are filled in.
  function keep(form) {
    try { localStorage.setItem(formKey(form), typedValues(form)); } catch (error) { /* storage full or off */ }
  }

  function forget(unwanted) {
    Object.keys(localStorage).filter(function (key) {
      return key.startsWith(KEPT) && unwanted(key);
    }).forEach(function (key) { localStorage.removeItem(key); });
  }

  function keepingForms() {
    return Array.prototype.slice.call(document.querySelectorAll("form[data-keep]"));
  }

  // A sent form is saved when the answer is another page of the portal that refuses nothing.
  function forgetSaved() {
    var sent = sessionStorage.getItem(SENT);
    var again = keepingForms().map(formKey).includes(sent);
    if (!sent || again || document.querySelector("[data-unsaved]")) { return; }
    sessionStorage.removeItem(SENT);
    localStorage.removeItem(sent);
  }

  function offerKept(form) {
    var kept = localStorage.getItem(formKey(form));
    if (!kept) { return; }
    if (kept === typedValues(form)) { localStorage.removeItem(formKey(form)); return; }
    var bar = document.createElement("p");
    bar.className = "message";
    bar.append("这台电脑上留有上次没有保存成功的内容。");
    [["恢复", function () { restore(form, JSON.parse(kept)); }], ["不要了", function () {}]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary ms-2";
      button.textContent = choice[0];
      button.addEventListener("click", function () {
        choice[1]();
        localStorage.removeItem(formKey(form));
        bar.remove();
      });
      bar.append(button);
    });
    form.prepend(bar);
  }

  function restore(form, values) {
    var seen = {};
    values.forEach(function (pair) {
      var named = typedFields(form).filter(function (field) { return field.name === pair[0]; });
      var field = named[seen[pair[0]] || 0];
      seen[pair[0]] = (seen[pair[0]] || 0) + 1;
      if (!field) { return; }
      if (typeof pair[1] === "boolean") { field.checked = pair[1]; } else { field.value = pair[1]; }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function say(text) {
    var place = document.getElementById("messages") || document.body;
    var line = document.createElement("p");
    line.className = "refusal";
    line.setAttribute("role", "alert");
    line.textContent = text;
    place.replaceChildren(line);
  }

  // Office computers are shared: a copy is offered to nobody else, and leaves with whoever signs out.
  if (me) {
    forget(function (key) { return !key.startsWith(MINE); });
    forgetSaved();
    keepingForms().forEach(function (form) {
      offerKept(form);
      form.addEventListener("input", function () { keep(form); });
    });
  }

  document.addEventListener("submit", function (event) {
    if ("signOut" in event.target.dataset) { forget(function () { return true; }); }
    if ("keep" in event.target.dataset) { sessionStorage.setItem(SENT, formKey(event.target)); }
    if (event.defaultPrevented) { return; }
    var button = event.submitter;
    if (event.target.method !== "post" || !button) { return; }
    setTimeout(function () { button.disabled = true; button.dataset.label = button.textContent; button.textContent = "正在保存…"; }, 0);
    setTimeout(function () { button.disabled = false; button.textContent = button.dataset.label; }, 15000);
  });

  var topSearch = document.getElementById("top-search");
  // Only where there is likely to be a keyboard.
  if (topSearch && matchMedia("(hover: hover)").matches) { topSearch.placeholder += topSearch.dataset.keyHint; }

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && topSearch) { event.preventDefault(); topSearch.focus(); }
    if (event.key === "s" && event.ctrlKey && event.target.form) {
      var save = event.target.form.querySelector("[data-save-draft]");
      if (save) { event.preventDefault(); save.click(); }
    }
    if (event.key === "Enter" && event.target.closest && event.target.closest("[data-enter-moves]") && event.target.tagName === "INPUT") {
      event.preventDefault();
      var fields = Array.prototype.slice.call(event.target.form.querySelectorAll("input:not([type=hidden])"));
      var next = fields[fields.indexOf(event.target) + 1];
      if (next) { next.focus(); next.select(); }
    }
  });

  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status >= 500) { say("没有保存，服务器出错。内容还在页面上，请稍后再试。"); }
  });
  document.addEventListener("htmx:sendError", function () { say("网络不通，没有保存。内容还在页面上，请接通网络后再试一次。"); });
  document.addEventListener("htmx:timeout", function () { say("等待超时，没有保存。请再试一次。"); });

  var focus = document.querySelector("[data-focus]");
  if (focus) { focus.focus(); }

  // A turned phone or a widened window gets the menu back, which has no button there.
  var narrow = window.matchMedia("(max-width: 767px)");
  function foldMenu() {
    document.querySelectorAll("details.nav-fold").forEach(function (menu) { menu.open = !narrow.matches; });
  }
  narrow.addEventListener("change", foldMenu);
  foldMenu();
})();
