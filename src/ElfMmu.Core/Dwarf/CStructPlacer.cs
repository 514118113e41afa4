namespace ElfMmu.Dwarf;

/// <summary>
/// Places the members of a structure or union as GCC does on the target: bit fields don't cross a unit of their type unless they are
/// packed; Microsoft's share a unit only with those of a type of the same size.
/// </summary>
internal sealed class CStructPlacer(DwarfStructKind kind, CAbi abi, bool isPacked, ulong pack)
{
    private ulong _next; // in bits
    private ulong _size; // in bits, of a union
    private ulong _unitSize; // of Microsoft's bit fields, in bits
    private ulong _unitLeft;

    /// <summary>The alignment so far, in bytes.</summary>
    public ulong Alignment { get; private set; } = 1;

    /// <summary>Where a member goes, in bytes.</summary>
    /// <param name="facts">Its type's.</param>
    /// <param name="asked">The alignment asked for, in bytes, or 0.</param>
    /// <param name="isMemberPacked">Whether the member itself is packed.</param>
    public ulong Place(CTypeFacts facts, ulong asked, bool isMemberPacked)
    {
        ulong alignment = isPacked || isMemberPacked
            ? Math.Max(asked, 1)
            : asked >= facts.Alignment ? asked : facts.MemberAlignment;
        alignment = Limit(alignment);
        Alignment = Math.Max(Alignment, alignment);
        _unitSize = 0;
        if (kind == DwarfStructKind.Union)
        {
            _size = Math.Max(_size, facts.Size * 8);
            return 0;
        }

        ulong offset = Up(_next, alignment * 8);
        _next = offset + (facts.Size * 8);
        return offset / 8;
    }

    /// <summary>Where a bit field goes, in bits.</summary>
    /// <param name="facts">Its type's.</param>
    /// <param name="bits">Its size in bits; 0 begins a new unit.</param>
    /// <param name="isNamed">Whether it has a name.</param>
    /// <param name="isMemberPacked">Whether it is packed itself.</param>
    public ulong PlaceBits(CTypeFacts facts, uint bits, bool isNamed, bool isMemberPacked) => abi.HasMicrosoftBitFields
        ? PlaceMicrosoft(facts, bits, isMemberPacked)
        : PlaceUnix(facts, bits, isNamed, isMemberPacked);

    /// <summary>Goes on behind a member that somebody placed elsewhere.</summary>
    /// <param name="bit">The first bit behind it.</param>
    public void MoveTo(ulong bit) => _next = bit;

    /// <summary>The size in bytes, with the alignment asked for the whole, in bytes, or 0.</summary>
    public ulong End(ulong asked)
    {
        Alignment = Math.Max(Alignment, asked);
        return Up(kind == DwarfStructKind.Union ? _size : _next, Alignment * 8) / 8;
    }

    private ulong PlaceUnix(CTypeFacts facts, uint bits, bool isNamed, bool isMemberPacked)
    {
        bool packed = isPacked || isMemberPacked;
        ulong alignment = facts.MemberAlignment;
        if (isNamed || abi.UnnamedBitsAlign)
        {
            // A field of no bits aligns what follows, packed or not.
            ulong own = bits == 0 ? alignment : pack > 0 ? Math.Min(alignment, pack) : packed ? 1 : alignment;
            Alignment = Math.Max(Alignment, own);
        }

        if (kind == DwarfStructKind.Union)
        {
            _size = Math.Max(_size, Up(bits, 8));
            return 0;
        }

        if (bits == 0)
        {
            _next = Up(_next, alignment * 8);
            return _next;
        }

        if (!packed && pack == 0)
        {
            ulong unit = alignment * 8;
            if (((_next % unit) + bits + unit - 1) / unit > facts.Size * 8 / unit)
            {
                _next = Up(_next, unit);
            }
        }

        ulong offset = _next;
        _next += bits;
        return offset;
    }

    private ulong PlaceMicrosoft(CTypeFacts facts, uint bits, bool isMemberPacked)
    {
        ulong size = facts.Size * 8;
        ulong alignment = Limit(isPacked || isMemberPacked ? 1 : facts.MemberAlignment);
        if (kind == DwarfStructKind.Union)
        {
            Alignment = Math.Max(Alignment, bits == 0 ? 1 : alignment);
            _size = Math.Max(_size, bits == 0 ? 0 : size);
            return 0;
        }

        if (bits == 0)
        {
            // Only behind another bit field it has a meaning: it ends the unit.
            if (_unitSize > 0)
            {
                Alignment = Math.Max(Alignment, alignment);
                _next = Up(_next, alignment * 8);
            }

            _unitSize = 0;
            return _next;
        }

        if (_unitSize != size || bits > _unitLeft)
        {
            Alignment = Math.Max(Alignment, alignment);
            _next = Up(_next, alignment * 8) + size;
            (_unitSize, _unitLeft) = (size, size);
        }

        ulong offset = _next - _unitLeft;
        _unitLeft -= bits;
        return offset;
    }

    private ulong Limit(ulong alignment) => pack > 0 ? Math.Min(alignment, pack) : alignment;

    private static ulong Up(ulong number, ulong multiple) => (number + multiple - 1) / multiple * multiple;
}
