module.exports = function (config) {
  config.addFilter("iso", (d) => d.toISOString().slice(0, 10));
  config.addFilter("stamp", (d) => d.toISOString());
  config.addFilter("words", (d) => d.toLocaleDateString("en-US", {timeZone: "UTC", day: "2-digit", month: "short", year: "numeric"}));
  config.addCollection("news", (all) => all.getFilteredByTag("post").reverse());
};
