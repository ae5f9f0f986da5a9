-- What was spent on each campaign on each day, as marketing reports it; ad platforms restate their last 30 days.
create table landing.marketing_spend (
  spend_date  date    not null,
  campaign    text    not null,
  spend       numeric not null,
  currency    text,
  impressions bigint,
  clicks      bigint,
  primary key (spend_date, campaign)
);
