/* Draws the charts of a results page. In: figures in data blocks beside each .chart, and how to
   draw them. Out: charts in place of the strips, which stay where this does not run. */
"use strict";

(function () {
  const narrow = window.matchMedia("(max-width: 40em)");
  const middle = window.matchMedia("(max-width: 60em)");
  const charts = Array.from(document.querySelectorAll(".chart[data-fig]"));

  function read(id) {
    return JSON.parse(document.getElementById(id).textContent);
  }

  function width() {
    if (narrow.matches) {
      return "narrow";
    }
    return middle.matches ? "middle" : "wide";
  }

  function draw(chart) {
    const drawn = read(chart.dataset.fig + "-" + width());
    const figure = chart.closest(".figure");
    figure.classList.add("drawn");
    return window.Plotly.react(chart, drawn.data, drawn.layout, read("draw")).then(function () {
      chart.querySelectorAll("svg").forEach(function (svg) {
        svg.setAttribute("aria-hidden", "true");
      });
    });
  }

  function start() {
    if (!window.Plotly) {
      return;
    }
    charts.forEach(function (chart) {
      draw(chart);
      const table = chart.closest(".figure").querySelector(".table-of-chart");
      if (table) {
        table.open = false;
      }
    });
    [narrow, middle].forEach(function (edge) {
      edge.addEventListener("change", function () {
        charts.forEach(draw);
      });
    });
  }

  start();
})();
