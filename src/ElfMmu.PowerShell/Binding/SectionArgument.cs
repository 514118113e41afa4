using System.Collections;
using System.Management.Automation;
using ElfMmu.Companions;
using ElfMmu.Intervals;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Sections as a hashtable of names and ranges (<c>@{ '.text' = '0x1000-0x3000' }</c>), as text (<c>'.text=0x1000-0x3000'</c>), or as objects
/// with a name, an address and a size or an end, and rights if the name doesn't say them.
/// </summary>
internal static class SectionArgument
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ElfMmuException"><c>SectionInvalid</c>, <c>RangeInvalid</c> or <c>IntervalInvalid</c>: it says no section.</exception>
    public static IEnumerable<CompanionRange> Read(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (inner)
        {
            case CompanionRange range:
                return [range];
            case string text:
                return [CompanionRangeText.Parse(text)];
            case IDictionary table when !table.Contains("Name"):
                return table.Cast<DictionaryEntry>().Select(e => Of(e.Key.ToString() ?? "", e.Value)).OrderBy(r => r.Addresses);
            case IDictionary table:
                return [Of(table["Name"]?.ToString() ?? "", new Hashtable(table))];
            case IList list:
                return list.Cast<object?>().SelectMany(Read);
            case null:
                return [];
            default:
                PSObject item = value as PSObject ?? PSObject.AsPSObject(value!);
                return [Of(item.Properties["Name"]?.Value?.ToString() ?? "", item)];
        }
    }

    private static CompanionRange Of(string name, object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (inner is string text)
        {
            return CompanionRangeText.Parse(name, text);
        }

        if (inner is Hashtable table)
        {
            var made = new PSObject();
            foreach (DictionaryEntry entry in table)
            {
                made.Properties.Add(new PSNoteProperty(entry.Key.ToString(), entry.Value));
            }

            value = made;
        }

        Interval[] ranges = [.. RangeConverter.Convert(value)];
        if (ranges.Length != 1 || name.Length == 0)
        {
            throw new ElfMmuException("SectionInvalid", ErrorKind.InvalidArgument,
                $"'{value}' isn't one section: it needs a name and one range of addresses.");
        }

        string? rights = (value as PSObject)?.Properties["Rights"]?.Value?.ToString();
        return new CompanionRange(
            name, ranges[0], rights != null && RightsFormat.TryParse(rights, out Rights known) ? known : CompanionRange.RightsOf(name));
    }
}
