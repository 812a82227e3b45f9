-- How many games there are
-- Opened and ended in that time; those that are played, wait or were set aside now.
SELECT
    count(*) FILTER (WHERE opened >= coalesce(:since, opened) AND opened < coalesce(:until, opened + 1)) AS opened,
    count(*) FILTER (WHERE ended >= coalesce(:since, ended) AND ended < coalesce(:until, ended + 1)) AS ended,
    count(*) FILTER (WHERE status = 'playing') AS playing,
    count(*) FILTER (WHERE status = 'waiting') AS waiting,
    count(*) FILTER (WHERE status = 'set aside') AS aside
FROM games
