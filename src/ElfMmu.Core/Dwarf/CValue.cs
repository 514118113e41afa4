namespace ElfMmu.Dwarf;

/// <summary>The value of a constant expression with the width and sign its type has in C.</summary>
/// <param name="Number">The value.</param>
/// <param name="Width">The bits of its type: 32 or 64, or those of a cast.</param>
/// <param name="IsUnsigned">Whether its type has no sign.</param>
internal readonly record struct CValue(Int128 Number, int Width, bool IsUnsigned)
{
    /// <summary>A value cut to its type, as C wraps it.</summary>
    public static CValue Of(Int128 number, int width, bool isUnsigned)
    {
        Int128 range = Int128.One << width;
        Int128 cut = number & (range - 1);
        return new CValue(!isUnsigned && cut >= range / 2 ? cut - range : cut, width, isUnsigned);
    }

    /// <summary>The truth of a comparison.</summary>
    public static CValue Of(bool truth) => new(truth ? 1 : 0, 32, false);

    /// <summary>At least int, as C promotes it.</summary>
    public CValue Promoted => Width < 32 ? new CValue(Number, 32, false) : this;

    /// <summary>The result of an operation on two values: with the wider one's type, without a sign if either has none there.</summary>
    public static CValue Common(CValue a, CValue b, Func<Int128, Int128, Int128> operation)
    {
        (a, b) = Balance(a, b);
        return Of(operation(a.Number, b.Number), a.Width, a.IsUnsigned);
    }

    /// <summary>Both with the type an operation on them has.</summary>
    public static (CValue A, CValue B) Balance(CValue a, CValue b)
    {
        (a, b) = (a.Promoted, b.Promoted);
        int width = Math.Max(a.Width, b.Width);
        bool isUnsigned = (a.Width == width && a.IsUnsigned) || (b.Width == width && b.IsUnsigned);
        return (Of(a.Number, width, isUnsigned), Of(b.Number, width, isUnsigned));
    }
}
