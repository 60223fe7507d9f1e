namespace Advisor.Documents.Reading.Sheets;

/// <summary>Days as workbooks count them.</summary>
internal static class SerialDate
{
    private static readonly DateTime Epoch1904 = new(1904, 1, 1);

    // Day 60 is 29 February 1900, which never was: days before it count from 31 December 1899, days after it from one day earlier.
    private static readonly DateTime Before60 = new(1899, 12, 31);
    private static readonly DateTime After60 = new(1899, 12, 30);

    /// <summary>The moment, rounded to the millisecond; null when before day 0 or after the year 9999.</summary>
    public static DateTime? ToDateTime(decimal serial, bool date1904)
    {
        if (serial < 0 || serial >= (date1904 ? 2_957_004m : 2_958_466m))
        {
            return null;
        }

        var epoch = date1904 ? Epoch1904 : serial < 60 ? Before60 : After60;
        return epoch.AddMilliseconds((double)decimal.Round(serial * 86_400_000m));
    }

    public static decimal FromDateTime(DateTime moment, bool date1904)
    {
        var days = moment.Ticks - (date1904 ? Epoch1904 : After60).Ticks;
        var serial = decimal.Round((decimal)days / TimeSpan.TicksPerDay, 10) / 1.0000000000m;
        return !date1904 && serial < 61 ? serial - 1 : serial;
    }
}
