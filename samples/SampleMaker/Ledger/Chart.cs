namespace Advisor.Samples.Ledger;

/// <summary>The chart of accounts, customers, suppliers and users of the fictitious Tidewater Print &amp; Packaging, Ltd.</summary>
internal static class Chart
{
    public static readonly Account Bank = new(1010, "Operating bank account");
    public static readonly Account Receivable = new(1200, "Trade receivables");
    public static readonly Account Paper = new(1310, "Paper and board inventory");
    public static readonly Account Machinery = new(1510, "Machinery");
    public static readonly Account Depreciation = new(1590, "Accumulated depreciation");
    public static readonly Account Payable = new(2010, "Trade payables");
    public static readonly Account SalesTax = new(2210, "Sales tax payable");
    public static readonly Account Wages = new(2310, "Accrued wages");
    public static readonly Account PrintSales = new(4010, "Print sales");
    public static readonly Account PackagingSales = new(4020, "Packaging sales");
    public static readonly Account MaterialCost = new(5010, "Paper and board used");
    public static readonly Account WageCost = new(5110, "Wages");
    public static readonly Account DepreciationCost = new(6510, "Depreciation");
    public static readonly Account Consulting = new(6410, "Professional fees");

    public static readonly Account[] Overheads =
    [
        new(6110, "Freight and couriers"), new(6120, "Electricity and gas"), new(6130, "Repairs and maintenance"), new(6210, "Travel"),
        new(6220, "Advertising"), new(6310, "Software and telephone"), new(6320, "Office supplies"), Consulting,
    ];

    public static readonly string[] Customers =
    [
        "Alder Foods", "Brightwell Cosmetics", "Cobalt Toys", "Dunmore Dairy", "Eastgate Books", "Foxglove Gardens", "Granite Tools",
        "Hollis Pharmacy", "Ivory Soap Works", "Juniper Tea", "Kestrel Cycles", "Larch Furniture",
    ];

    public static readonly string[] Suppliers =
    [
        "Norse Paper Mills", "Cascade Board", "Meridian Inks", "Swift Haulage", "Volt Energy", "Pinnacle Press Parts", "Quill Stationery",
        "Harbor Telecom", "Sterling Adhesives", "Atlas Pallets",
    ];

    public static readonly string[] Clerks = ["a.brandt", "c.osei", "j.lindgren", "m.tanaka"];
}
