namespace ElfMmu.Dwarf;

/// <summary>
/// Writes the entries of .debug_info one after the other. An entry's attributes are gathered first, for the code of their shape stands
/// before their values.
/// </summary>
internal sealed class DwarfEntries(DwarfTarget target, DwarfStrings strings)
{
    private readonly DwarfAbbreviations _abbreviations = new(target);
    private readonly DwarfBuffer _values = new(target, ".debug_info");
    private readonly DwarfBuffer _expression = new(target, ".debug_info");
    private readonly char[] _shape = new char[64];
    private readonly List<(int Position, DwarfType Type)> _references = [];
    private readonly List<(int Position, DwarfType Type)> _pending = [];
    private readonly Dictionary<DwarfType, uint> _places = new(ReferenceEqualityComparer.Instance);
    private int _shapeLength;
    private int _unit;
    private int _unitLength;

    public DwarfBuffer Info { get; } = new(target, ".debug_info");

    public DwarfSection Abbreviations() => _abbreviations.ToSection();

    /// <summary>Begins a unit: its header (DWARF 5, 7.5.1.1).</summary>
    public void BeginUnit()
    {
        _unit = Info.Length;
        _places.Clear();
        _pending.Clear();
        _unitLength = Info.BeginLength();
        Info.U16(target.Version);
        if (target.Version >= 5)
        {
            Info.U8(1); // DW_UT_compile
            Info.U8(target.AddressSize);
            Info.U32(0);
        }
        else
        {
            Info.U32(0);
            Info.U8(target.AddressSize);
        }
    }

    /// <summary>Ends the unit: every reference to a type now has its place.</summary>
    public void EndUnit()
    {
        foreach ((int position, DwarfType type) in _pending)
        {
            Info.Patch(position, _places[type]);
        }

        Info.EndLength(_unitLength);
    }

    public void Begin(DwTag tag, bool hasChildren = false)
    {
        _values.Clear();
        _references.Clear();
        _shape[0] = (char)tag;
        _shape[1] = hasChildren ? (char)1 : (char)0;
        _shapeLength = 2;
    }

    /// <summary>Begins the entry of a type, which references lead to.</summary>
    public void BeginType(DwTag tag, DwarfType type, bool hasChildren = false)
    {
        _places.Add(type, (uint)(Info.Length - _unit));
        Begin(tag, hasChildren);
    }

    public void End()
    {
        Info.Unsigned(_abbreviations.Code(_shape.AsSpan(0, _shapeLength)));
        foreach ((int position, DwarfType type) in _references)
        {
            _pending.Add((Info.Length + position, type));
        }

        Info.Bytes(_values.Written);
    }

    /// <summary>Ends the children of an entry.</summary>
    public void EndChildren() => Info.U8(0);

    public void Text(DwAttribute attribute, string text)
    {
        Shape(attribute, DwForm.StringPointer);
        _values.U32(strings.Offset(text));
    }

    /// <summary>A text that is left out where there is none.</summary>
    public void OptionalText(DwAttribute attribute, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Text(attribute, text);
        }
    }

    public void Flag(DwAttribute attribute, bool value = true)
    {
        if (value)
        {
            Shape(attribute, DwForm.FlagPresent);
        }
    }

    public void Data1(DwAttribute attribute, int value)
    {
        Shape(attribute, DwForm.Data1);
        _values.U8(value);
    }

    public void Data2(DwAttribute attribute, int value)
    {
        Shape(attribute, DwForm.Data2);
        _values.U16(value);
    }

    public void Unsigned(DwAttribute attribute, ulong value)
    {
        Shape(attribute, DwForm.UnsignedData);
        _values.Unsigned(value);
    }

    /// <summary>A number that may be negative.</summary>
    public void Number(DwAttribute attribute, Int128 value, string name)
    {
        if (value < long.MinValue || value > ulong.MaxValue)
        {
            throw DwarfErrors.Value($"The value of '{name}' is {value}", "it is to be from -2⁶³ to 2⁶⁴ - 1");
        }

        if (value < 0)
        {
            Shape(attribute, DwForm.SignedData);
            _values.Signed((long)value);
        }
        else
        {
            Unsigned(attribute, (ulong)value);
        }
    }

    public void Address(DwAttribute attribute, ulong value)
    {
        Shape(attribute, DwForm.Address);
        _values.Address(value);
    }

    /// <summary>A size as wide as an address: the class of constants DW_AT_high_pc takes.</summary>
    public void AddressSized(DwAttribute attribute, ulong value)
    {
        Shape(attribute, target.AddressSize == 8 ? DwForm.Data8 : DwForm.Data4);
        _values.Address(value);
    }

    public void SectionOffset(DwAttribute attribute, uint value)
    {
        Shape(attribute, DwForm.SectionOffset);
        _values.U32(value);
    }

    /// <summary>The type; void has no entry, so null leaves the attribute out.</summary>
    public void Type(DwarfType? type)
    {
        if (type != null)
        {
            Shape(DwAttribute.Type, DwForm.Reference4);
            _references.Add((_values.Length, type));
            _values.U32(0);
        }
    }

    public void FrameBase()
    {
        Shape(DwAttribute.FrameBase, DwForm.ExpressionLocation);
        _values.U8(1);
        _values.U8(0x9c); // DW_OP_call_frame_cfa
    }

    public void Location(DwarfLocation location, string name)
    {
        _expression.Clear();
        switch (location.Kind)
        {
            case DwarfLocationKind.Address:
                _expression.U8(0x03); // DW_OP_addr
                _expression.Address(DwarfErrors.Address(target, location.MemoryAddress, "the variable", name));
                break;
            case DwarfLocationKind.Frame:
                _expression.U8(0x91); // DW_OP_fbreg
                _expression.Signed(location.Offset);
                break;
            case DwarfLocationKind.Register:
                RegisterOperation(0x50, 0x90, location.RegisterNumber); // DW_OP_reg0, DW_OP_regx
                break;
            default:
                RegisterOperation(0x70, 0x92, location.RegisterNumber); // DW_OP_breg0, DW_OP_bregx
                _expression.Signed(location.Offset);
                break;
        }

        Shape(DwAttribute.Location, DwForm.ExpressionLocation);
        _values.Unsigned((ulong)_expression.Length);
        _values.Bytes(_expression.Written);
    }

    private void RegisterOperation(int first, int any, int register)
    {
        if (register < 32)
        {
            _expression.U8(first + register);
        }
        else
        {
            _expression.U8(any);
            _expression.Unsigned((ulong)register);
        }
    }

    private void Shape(DwAttribute attribute, DwForm form)
    {
        _shape[_shapeLength++] = (char)attribute;
        _shape[_shapeLength++] = (char)form;
    }
}
