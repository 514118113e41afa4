using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Commands;

/// <summary>How memory that was read is shown; the module's format views call it.</summary>
public static class MemoryViews
{
    internal const string BytesType = "ElfMmu.MemoryBytes";
    internal const string ValueType = "ElfMmu.MemoryValue";
    internal const string PhysicalValueType = "ElfMmu.MemoryValue#Physical";
    internal const string StructType = "ElfMmu.MemoryStruct";
    internal const string VirtualAddress = "VirtualAddress";
    internal const string PhysicalAddress = "PhysicalAddress";
    internal const string Absent = "Absent";
    internal const string Value = "Value";
    internal const string Space = "Space";
    internal const string Dump = "Dump";

    // Nobody reads more at the prompt, and formatting is slow.
    private const int MostBytes = 1 << 20;

    /// <summary>Bytes in hexadecimal, with their addresses.</summary>
    public static string Bytes(PSObject item)
    {
        byte[] bytes = (byte[])item.BaseObject;
        var absent = item.Properties[Absent]?.Value as IReadOnlyList<AbsentRange> ?? [];
        byte[] shown = bytes.Length > MostBytes ? bytes[..MostBytes] : bytes;
        string lines = HexDump.Lines(new MemoryBlock(AddressOf(item), shown, absent), Digits(item));
        return shown.Length == bytes.Length
            ? lines.TrimEnd('\n')
            : string.Create(CultureInfo.InvariantCulture, $"{lines}({bytes.Length - shown.Length} more bytes aren't shown)");
    }

    /// <summary>An address in hexadecimal, as wide as those of its space are.</summary>
    public static string Address(PSObject item) => Hex(AddressOf(item), Digits(item));

    /// <summary>A value: numbers in decimal and hexadecimal.</summary>
    public static string Show(object? value)
    {
        object? inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        return inner switch
        {
            null => "",
            PSCustomObject => $"{{ {string.Join("; ", FieldsOf((PSObject)value!).Select(f => $"{f.Name} = {Show(f.Value)}"))} }}",
            string text => $"'{Clean(text)}'",
            char c => $"'{Clean(c.ToString())}'",
            byte or sbyte => string.Create(CultureInfo.InvariantCulture, $"{inner}"),
            short number => Number(number, (ushort)number),
            int number => Number(number, (uint)number),
            long number => Number(number, (ulong)number),
            ushort or uint or ulong => Number((IFormattable)inner, System.Convert.ToUInt64(inner, CultureInfo.InvariantCulture)),
            BigInteger number => number.ToString(CultureInfo.InvariantCulture),
            byte[] bytes => System.Convert.ToHexStringLower(bytes),
            IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Show)),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => inner.ToString() ?? "",
        };

        static string Number(IFormattable number, ulong bits) =>
            string.Create(CultureInfo.InvariantCulture, $"{number.ToString(null, CultureInfo.InvariantCulture)} (0x{bits:x})");
    }

    /// <summary>A structure, a line for each field.</summary>
    public static string Structure(PSObject item)
    {
        PSPropertyInfo[] fields = [.. FieldsOf(item)];
        int width = fields.Max(f => f.Name.Length);
        var text = new StringBuilder("   ")
            .Append(item.Properties[VirtualAddress] == null ? PhysicalAddress : VirtualAddress).Append(": ").Append(Address(item));
        foreach (PSPropertyInfo field in fields)
        {
            text.Append('\n').Append(field.Name.PadRight(width)).Append(" : ").Append(Show(field.Value));
        }

        return text.ToString();
    }

    /// <summary>Whether a name is that of a property which says where something was read.</summary>
    internal static bool IsPlace(string name) => new[] { VirtualAddress, PhysicalAddress, Space, Dump }
        .Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<PSPropertyInfo> FieldsOf(PSObject item) => item.Properties.Where(p => !IsPlace(p.Name));

    /// <summary>A dump is evidence: an escape sequence planted in it must not reach the terminal.</summary>
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '.' : c));

    private static ulong AddressOf(PSObject item) =>
        (item.Properties[VirtualAddress] ?? item.Properties[PhysicalAddress])?.Value is ulong address ? address : 0;

    private static int Digits(PSObject item) => item.Properties[Space]?.Value is SpaceIdentity { Mode.WordSize: 32 } ? 8 : 16;

    private static string Hex(ulong address, int digits) => "0x" + address.ToString("x" + digits, CultureInfo.InvariantCulture);
}
