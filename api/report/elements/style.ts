/** The look of every page we write: local fonts, strong contrast, fit for paper. */
export const STYLE = `
:root{--ink:#1f2a33;--soft:#55616b;--line:#d5dbe0;--paper:#ffffff;--wash:#f3f6f7;--gain:#0b6e6e;--deep:#0d3b4a;--loss:#a8431a}
*{box-sizing:border-box}
html{background:var(--wash)}
body{margin:0;color:var(--ink);font:16px/1.55 'Segoe UI','Helvetica Neue',Arial,sans-serif}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:#fff;padding:8px}
header.cover{background:var(--deep);color:#fff;padding:44px 0 36px}
header.cover p{max-width:none;margin:6px 0 0;color:#dfeaec}
header.cover h1{font:600 34px/1.2 Georgia,'Times New Roman',serif;margin:10px 0 4px}
.badge{display:inline-block;border:1px solid #9fc3c8;border-radius:3px;padding:1px 10px;font-size:14px;color:#fff}
.frame{max-width:1000px;margin:0 auto;padding:0 32px}
main.frame{background:var(--paper);padding-top:12px;padding-bottom:48px}
h2{font:600 25px/1.25 Georgia,'Times New Roman',serif;color:var(--deep);margin:52px 0 8px;padding-top:14px;border-top:3px solid var(--deep)}
h3{font-size:18px;margin:32px 0 4px;color:var(--deep)}
p{max-width:74ch;margin:8px 0 12px}
.lead{font:400 21px/1.45 Georgia,'Times New Roman',serif;margin-top:26px}
.tiles{display:grid;grid-template-columns:1.5fr 1fr 1fr;gap:1px;margin:24px 0 0;background:var(--line);border:1px solid var(--line)}
.tiles div{background:#fff;padding:14px 18px}
.tiles dt{color:var(--soft);font-size:14px}
.tiles dd{margin:2px 0 0;font-size:23px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.tiles .first{background:var(--gain);grid-row:span 2;padding-top:24px}
.tiles .first dt,.tiles .first dd{color:#fff}
.tiles .first dd{font-size:38px;line-height:1.2;margin-top:6px}
.tiles .quiet dd{font-weight:400}
.tiles small{display:block;font-size:14px;font-weight:400;color:var(--soft)}
nav ol{columns:2;column-gap:48px;padding-left:22px;margin:8px 0 0;max-width:820px}
a{color:var(--deep)}
summary{cursor:pointer;color:var(--deep);font-weight:600;margin:14px 0 4px}
figure{margin:18px 0 10px}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:14px;color:var(--soft);margin-bottom:4px}
figcaption strong{color:var(--ink);font-size:16px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(380px,1fr));gap:14px 36px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:36px;align-items:start}
.scroll{overflow-x:auto;margin:16px 0 8px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;font-size:13px;color:var(--soft);padding-bottom:6px}
th,td{padding:7px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--deep);color:var(--deep);vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .n{white-space:normal}
tr.folded th,tr.folded td{background:var(--wash);font-style:italic}
tr.total th,tr.total td{border-top:2px solid var(--deep);font-weight:600}
.fail{color:var(--loss)}
.limits{background:#fdf6e9;border-left:4px solid #b5811c;padding:16px 20px 16px 36px;margin:14px 0}
.limits li{margin:4px 0;max-width:76ch}
.marks div,.terms div{display:grid;grid-template-columns:230px 1fr;gap:18px;border-bottom:1px solid var(--line);padding:6px 0}
.marks dt,.terms dt{font-weight:600}
.marks dd,.terms dd{margin:0}
code{font:13px/1.5 Consolas,'Liberation Mono',monospace;overflow-wrap:anywhere}
a:focus-visible,.scroll:focus-visible,input:focus-visible,button:focus-visible{outline:3px solid #b5811c;outline-offset:2px}
.equation{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
tr.group th{font-weight:600;color:var(--deep);padding-top:14px}
table.steps th[scope=row]{width:34%}
table.steps td:last-child{width:22%;min-width:110px}
.bar{display:block;width:100%;height:14px}
td small,th small{color:var(--soft)}
.narrow{display:none}
@media screen and (max-width:760px){.tiles,.pair{grid-template-columns:1fr}.tiles .first{grid-row:auto}.tiles dd{white-space:normal}.tiles .first dd{font-size:30px}nav ol{columns:1}.frame{padding-left:16px;padding-right:16px}.grid{grid-template-columns:1fr}.marks div,.terms div{grid-template-columns:1fr;gap:0}.limits{padding-left:28px;padding-right:12px}header.cover h1{font-size:26px}h1,h2,h3,.badge{overflow-wrap:anywhere}table:not(.steps) td:not(.n){min-width:150px}.wide{display:none}.narrow{display:block}
table.steps,table.steps tbody,table.steps tr,table.steps th,table.steps td{display:block;width:auto}table.steps thead{display:none}table.steps th[scope=row],table.steps td:last-child{width:auto}table.steps tr{border-bottom:1px solid var(--line);padding:4px 0}table.steps th,table.steps td{border:0;padding:2px 0}}
@media print{@page{size:A4;margin:16mm 14mm 18mm}html{background:#fff}body{font-size:10.5pt}header.cover{background:#fff;color:var(--ink);padding:0 0 12px;border-bottom:3px solid var(--deep)}header.cover p{color:var(--soft)}.badge{color:var(--ink);border-color:var(--soft)}.frame{max-width:none;padding-left:0;padding-right:0}nav,.skip{display:none}h2{margin-top:26px}h2,h3,figcaption,caption,thead,tr.group{break-after:avoid}tbody tr:nth-child(-n+2){break-before:avoid}figure,tr,.limits li,.tiles{break-inside:avoid}thead{display:table-header-group}table{font-size:8.5pt}th,td{padding:4px 6px}.n{white-space:normal}.scroll{overflow:visible}.tiles .first{background:#fff;border:2px solid var(--gain)}.tiles .first dt,.tiles .first dd{color:var(--ink)}.grid{grid-template-columns:1fr 1fr}details::details-content{display:block;content-visibility:visible;block-size:auto}summary{list-style:none}.wide{display:block}.narrow{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
