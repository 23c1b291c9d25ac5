// What piscina runs: the least that a task can do.
module.exports = (task) => task
