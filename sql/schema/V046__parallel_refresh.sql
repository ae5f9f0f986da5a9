-- Models are refreshed beside each other, so a unit may be marked again while it is calculated. Each mark has a number,
-- and a model removes only those that were there when it began to calculate.
alter table meta.model_dirty add column mark bigint not null generated always as identity;
