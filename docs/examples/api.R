# The API from R, with the package jsonlite: log in with a token, list settlements, read outcomes, page through, download a CSV.
#
# Usage: WINST_URL=http://127.0.0.1:8080 WINST_TOKEN=... Rscript docs/examples/api.R

if (!requireNamespace("jsonlite", quietly = TRUE)) stop("install.packages(\"jsonlite\") first")

base <- Sys.getenv("WINST_URL", "http://127.0.0.1:8080")
token <- Sys.getenv("WINST_TOKEN")

# The text of an answer.
ask <- function(path, ...) {
  query <- Filter(Negate(is.null), list(...))
  asked <- paste(names(query), vapply(query, function(value) utils::URLencode(as.character(value), reserved = TRUE), ""), sep = "=", collapse = "&")
  from <- url(paste0(base, path, if (nchar(asked) > 0) paste0("?", asked)), headers = c(Authorization = paste("Bearer", token)))
  on.exit(close(from))
  paste(readLines(from, warn = FALSE), collapse = "\n")
}

get <- function(path, ...) jsonlite::fromJSON(ask(path, ...), simplifyVector = FALSE)

# Every item of a list, page after page.
items <- function(path, ...) {
  found <- list()
  cursor <- NULL
  repeat {
    page <- get(path, cursor = cursor, ...)
    found <- c(found, page$items)
    cursor <- page[["next"]]
    if (is.null(cursor)) return(found)
  }
}

settlements <- items("/v1/settlements", limit = 2)
for (settlement in settlements)
  cat("settlement", substr(settlement$settlement_id, 1, 8), settlement$contract, settlement$as_of, settlement$state, "\n")

# The first 8 digits of an id will do.
latest <- substr(settlements[[1]]$settlement_id, 1, 8)
for (cell in items(paste0("/v1/settlements/", latest, "/outcomes"), by = "measure"))
  cat("outcome", cell$measure, "mean gain", if (is.null(cell$figures)) "too few people" else cell$figures$gain_mean, "\n")

cat("programmes", length(items("/v1/programmes", limit = 3)), "\n")

# An analyst of the region downloads the rows of the latest delivery that were not taken.
delivery <- get("/v1/deliveries", limit = 1)$items[[1]]
rejects <- strsplit(ask(paste0("/v1/deliveries/", delivery$delivery_id, "/rejects")), "\n")[[1]]
cat("rejects", length(rejects), "lines\n")
