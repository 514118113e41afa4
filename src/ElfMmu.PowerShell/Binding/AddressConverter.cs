using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Turns what PowerShell makes of a typed address into the number that was meant. <c>0xffff888000000000</c> reaches a cmdlet as
/// a negative Int64 and <c>0x80000000</c> as a negative Int32, because that is how the shell reads hexadecimal literals.
/// </summary>
public static class AddressConverter
{
    /// <summary>Converts a value.</summary>
    /// <returns>
    /// False when it isn't a whole number that fits 64 bits. Negative text is refused; a negative Int64 or Int32 is a
    /// hexadecimal literal with its highest bit set.
    /// </returns>
    public static bool TryConvert(object? value, out ulong address)
    {
        address = 0;
        if (value is PSObject wrapped)
        {
            // A literal typed at the prompt still knows its text, and the text is exact.
            if (AddressText.TryParse(wrapped.ToString(), out address))
            {
                return true;
            }

            value = wrapped.BaseObject;
        }

        switch (value)
        {
            case ulong unsigned:
                address = unsigned;
                return true;
            case long bits:
                address = (ulong)bits;
                return true;
            case int bits:
                address = (uint)bits;
                return true;
            case string text:
                return AddressText.TryParse(text, out address);
            case uint or ushort or byte or short or sbyte or decimal or double or float or BigInteger or Int128 or UInt128:
                return TryConvertNumber(value, out address);
            default:
                return false;
        }
    }

    private static bool TryConvertNumber(object value, out ulong address)
    {
        address = 0;
        try
        {
            BigInteger number = value switch
            {
                BigInteger big => big,
                Int128 wide => wide,
                UInt128 wide => wide,
                decimal exact when decimal.Truncate(exact) == exact => new BigInteger(exact),

                // Beyond 2^53 a double no longer says which address was meant.
                double real when Math.Truncate(real) == real && Math.Abs(real) <= 1L << 53 => new BigInteger(real),
                float real when MathF.Truncate(real) == real && MathF.Abs(real) <= 1 << 24 => new BigInteger(real),
                double or float or decimal => BigInteger.MinusOne,
                _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
            };
            if (number < BigInteger.Zero || number > ulong.MaxValue)
            {
                return false;
            }

            address = (ulong)number;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
