SET client_min_messages = error;
CREATE EXTENSION postgis;
CREATE TYPE metres AS RANGE (subtype = float8);

-- place is a point, with the radius round it, or a polygon. bands are closed, times half-open.
CREATE UNLOGGED TABLE plans (id int, place geography, radius float8, band metres, times tstzrange);
CREATE UNLOGGED TABLE queries (LIKE plans, PRIMARY KEY (id));
CREATE UNLOGGED TABLE entered (LIKE plans, PRIMARY KEY (id));

-- near is the plans that do not keep 50 m, 15 m and 30 s. Boxes, bands and times are looked up in the
-- index, and what is left is measured on the spheroid. A circle is its centre and its radius.
CREATE FUNCTION near(of geography, of_radius float8, of_band metres, of_times tstzrange) RETURNS SETOF int
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT id FROM plans
  WHERE _ST_Expand(place, radius) && _ST_Expand(of, of_radius + 50)
    AND band && metres(lower(of_band) - 15, upper(of_band) + 15, '()')
    AND times && tstzrange(lower(of_times) - interval '30 s', upper(of_times) + interval '30 s', '()')
    AND ST_DWithin(place, of, radius + of_radius + 50, true)
$$;

-- ask answers queries first, first + step and so on below beyond, and says how many microseconds each took.
CREATE FUNCTION ask(first int, step int, beyond int, OUT query int, OUT us float8, OUT ids int[])
RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
  q queries;
  began timestamptz;
BEGIN
  FOR query IN SELECT generate_series(first, beyond - 1, step) LOOP
    SELECT * INTO STRICT q FROM queries WHERE id = query;
    began := clock_timestamp();
    SELECT array_agg(n) INTO ids FROM near(q.place, q.radius, q.band, q.times) n;
    us := extract(epoch FROM clock_timestamp() - began) * 1e6;
    RETURN NEXT;
  END LOOP;
END $$;

-- enter looks up and then inserts plans first, first + step and so on below beyond, each in a transaction
-- of its own.
CREATE PROCEDURE enter(first int, step int, beyond int) LANGUAGE plpgsql AS $$
DECLARE
  q entered;
  ids int[];
BEGIN
  FOR i IN first .. beyond - 1 BY step LOOP
    SELECT * INTO STRICT q FROM entered WHERE id = i;
    SELECT array_agg(n) INTO ids FROM near(q.place, q.radius, q.band, q.times) n;
    INSERT INTO plans VALUES (q.id, q.place, q.radius, q.band, q.times);
    COMMIT;
  END LOOP;
END $$;
