#!/usr/bin/env python3
"""What an analyst would forecast with scikit-learn, XGBoost and statsmodels for the landmarks of a `backtest.csv`: the same rows, folds and
targets, so that `npm run bench:models` and any scorer of two columns can set them side by side on a dataset that comes without a peers.csv.

usage: panel-peers.py DATA MEASURE BACKTEST.csv FOLDS.csv OUT.csv [--rejects rejects.csv] [--horizon 365]

Peers: last value; ridge on the history of the measure, and on that of all measures; random intercept, and intercept and slope, with best linear
unbiased forecasts for people left out; histogram boosting likewise; XGBoost and a random forest on all. Settings fixed, nothing tuned.
Interval: split conformal around ridge_all (a fifth of the training people held back), columns lo05 and hi95.
Debian: python3-pandas, python3-sklearn, python3-xgboost, python3-statsmodels.
"""
import argparse, time, warnings
import numpy as np, pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from statsmodels.regression.mixed_linear_model import MixedLM
from xgboost import XGBRegressor

warnings.filterwarnings("ignore")
ap = argparse.ArgumentParser()
for name in ("data", "measure", "backtest", "folds", "out"): ap.add_argument(name)
ap.add_argument("--rejects"); ap.add_argument("--horizon", type=float, default=365)
a = ap.parse_args()

EPOCH = pd.Timestamp("2000-01-01")
day = lambda s: (pd.to_datetime(s) - EPOCH).dt.days.values.astype(float)
people = pd.read_csv(f"{a.data}/patients.csv", dtype={"patient_id": str}).drop_duplicates("patient_id", keep="last")
obs = pd.read_csv(f"{a.data}/observations.csv", dtype=str)
if a.rejects:
    bad = pd.read_csv(a.rejects, dtype=str)
    obs = obs.drop(index=bad[bad.file == "observations.csv"].line.astype(int).values - 2, errors="ignore")
obs["y"] = pd.to_numeric(obs.value, errors="coerce")
percent = (obs.measure == "hba1c") & (obs.unit == "%")
obs.loc[percent, "y"] = np.round(10.93 * obs.y[percent] - 23.5)
code = pd.Index(people.patient_id)
obs["p"] = code.get_indexer(obs.patient_id)
obs = obs[obs.y.notna() & (obs.p >= 0)].copy()
obs["d"] = day(obs.observed_on)
# two readings of one day are their mean
obs = obs.groupby(["measure", "p", "d"], as_index=False).y.mean()

marks = pd.read_csv(a.backtest, dtype={"patient_id": str})
marks = marks[marks.realised.notna()].drop_duplicates(["patient_id", "landmark_on"])
folds = pd.read_csv(a.folds, dtype={"patient_id": str}).set_index("patient_id").fold
P, L, Y = code.get_indexer(marks.patient_id), day(marks.landmark_on), marks.realised.values.astype(float)
fold = marks.patient_id.map(folds).values
age, male = (2000 - people.birth_year.values)[P] + L / 365.25, (people.sex.values == "m").astype(float)[P]

K = 1e5
def history(measure, full):
    o = obs[obs.measure == measure].sort_values(["p", "d"])
    key, d, v = o.p.values * K + o.d.values, o.d.values, o.y.values
    s1, s2, sd, sdv, sdd = (np.r_[0, np.cumsum(x)] for x in (v, v * v, d, d * v, d * d))
    at, hi, lo = P * K + L, np.searchsorted(key, P * K + L, "right"), np.searchsorted(key, P * K)
    year, n = np.searchsorted(key, P * K + L - 365), hi - lo
    has = n > 0
    back = lambda k: np.where(n > k, v[np.maximum(hi - 1 - k, 0)], np.nan)
    mean = np.where(has, (s1[hi] - s1[lo]) / np.maximum(n, 1), np.nan)
    recent = np.where(hi > year, (s1[hi] - s1[year]) / np.maximum(hi - year, 1), np.nan)
    gap = np.where(has, L - d[np.maximum(hi - 1, 0)], np.nan)
    if not full: return [back(0), mean, recent, gap, n]
    spread = np.sqrt(np.maximum(0, (s2[hi] - s2[lo]) / np.maximum(n, 1) - mean**2))
    md = (sd[hi] - sd[lo]) / np.maximum(n, 1)
    sxx = (sdd[hi] - sdd[lo]) - n * md**2
    slope = np.where((n > 2) & (sxx > 1), ((sdv[hi] - sdv[lo]) - n * md * mean) / np.maximum(sxx, 1) * 365, 0)
    first = np.where(has, v[np.minimum(lo, len(v) - 1)], np.nan)
    since = np.where(has, L - d[np.minimum(lo, len(d) - 1)], np.nan)
    return [back(0), back(1), back(2), mean, recent, spread, slope, gap, n, first, since]

own = np.column_stack(history(a.measure, True) + [age, male, np.cos(2 * np.pi * L / 365.25)])
others = [m for m in sorted(obs.measure.unique()) if m != a.measure]
every = np.column_stack([own] + [np.column_stack(history(m, False)) for m in others])

linear = lambda: make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), RidgeCV(np.logspace(-2, 4, 13)))
fits = {
    "ridge_own": (linear, own), "ridge_all": (linear, every),
    "hgb_own": (lambda: HistGradientBoostingRegressor(max_iter=150, learning_rate=0.06, min_samples_leaf=30, random_state=1), own),
    "hgb_all": (lambda: HistGradientBoostingRegressor(max_iter=150, learning_rate=0.06, min_samples_leaf=30, random_state=1), every),
    "xgb_all": (lambda: XGBRegressor(n_estimators=200, max_depth=4, learning_rate=0.06, subsample=0.8, colsample_bytree=0.8, min_child_weight=10, n_jobs=2, random_state=1), every),
    "rf_all": (lambda: make_pipeline(SimpleImputer(add_indicator=True), RandomForestRegressor(300, min_samples_leaf=5, max_features=0.5, n_jobs=2, random_state=1)), every),
}
out = pd.DataFrame({"patient_id": marks.patient_id.values, "landmark_on": marks.landmark_on.values, "target_on": "", "target": Y, "mean": Y.mean()})
out["locf"] = own[:, 0]
lo, hi = np.full(len(Y), np.nan), np.full(len(Y), np.nan)
seconds = {}
for name, (make, X) in fits.items():
    out[name] = np.nan
    from_ = time.time()
    for f in np.unique(fold):
        train, left = fold != f, fold == f
        out.loc[left, name] = make().fit(X[train], Y[train]).predict(X[left])
        seconds[name] = round(time.time() - from_, 2)
        if name == "ridge_all":
            ids = np.unique(P[train]); held = np.random.default_rng(1).permutation(ids)[: len(ids) // 5]
            cal = train & np.isin(P, held)
            mod = make().fit(X[train & ~cal], Y[train & ~cal])
            q = np.quantile(np.abs(Y[cal] - mod.predict(X[cal])), 0.9)
            at = mod.predict(X[left]); lo[left], hi[left] = at - q, at + q
out["lo05"], out["hi95"] = lo, hi

reading = obs[obs.measure == a.measure]
reading_fold = people.patient_id.map(folds).values[reading.p.values]
first = reading.groupby("p").d.transform("min").values
def fitted(model):
    for method in ("lbfgs", "bfgs", "powell", "nm"):
        try: return model.fit(reml=True, method=[method])
        except np.linalg.LinAlgError: continue
    raise SystemExit("the mixed model does not converge by any method")

for name, slopes in (("lmm_ri", False), ("lmm_ris", True)):
    out[name] = np.nan
    from_ = time.time()
    for f in np.unique(fold):
        tr = (reading_fold != f) & ~np.isnan(reading_fold)
        r = reading[tr]
        keep = np.random.default_rng(2).permutation(r.p.unique())[:600]
        k = r.p.isin(keep).values
        r, t = r[k], (r.d.values[k] - first[tr][k]) / 365.25
        B = lambda p_age, t_, sex: np.column_stack([np.ones(len(t_)), t_, (p_age - 60) / 10, sex])
        ages = (2000 - people.birth_year.values)[r.p.values] + r.d.values / 365.25
        sexes = (people.sex.values == "m").astype(float)[r.p.values]
        Z = np.column_stack([np.ones(len(t)), t])[:, : 2 if slopes else 1]
        middle, unit = r.y.mean(), r.y.std()
        m = fitted(MixedLM((r.y.values - middle) / unit, B(ages, t, sexes), groups=r.p.values, exog_re=Z))
        D, s2, beta = np.asarray(m.cov_re) * unit**2, m.scale * unit**2, np.asarray(m.fe_params) * unit
        beta[0] += middle
        by = {p: (g.d.values, g.y.values) for p, g in reading.groupby("p")}
        forecast = []
        for i in np.where(fold == f)[0]:
            p = P[i]; d, y = by.get(p, (np.array([]), np.array([]))); y, d = y[d <= L[i]], d[d <= L[i]]
            start = d[0] if len(d) else L[i]
            of = lambda days: ((days - start) / 365.25, (2000 - people.birth_year.values[p]) + days / 365.25)
            td, ad = of(d); tt, aa = of(np.array([L[i] + a.horizon]))
            sx = float(people.sex.values[p] == "m")
            z = np.column_stack([np.ones(len(td)), td])[:, : Z.shape[1]]; z1 = np.column_stack([np.ones(1), tt])[:, : Z.shape[1]]
            b = D @ z.T @ np.linalg.solve(z @ D @ z.T + s2 * np.eye(len(y)), y - B(ad, td, np.full(len(td), sx)) @ beta) if len(y) else np.zeros(Z.shape[1])
            forecast.append(float((B(aa, tt, np.full(1, sx)) @ beta + z1 @ b)[0]))
        out.loc[np.where(fold == f)[0], name] = forecast
    seconds[name] = round(time.time() - from_, 2)
out["locf"] = out.locf.fillna(out["mean"])
out.to_csv(a.out, index=False)
inside = (Y >= lo) & (Y <= hi)
print({c: round(float(np.abs(Y - out[c]).mean()), 4) for c in out.columns[5:] if c not in ("lo05", "hi95")}, "split conformal around ridge_all: cover", round(float(inside.mean()), 3), "width", round(float((hi - lo).mean()), 4))
print("seconds, five folds:", seconds)
