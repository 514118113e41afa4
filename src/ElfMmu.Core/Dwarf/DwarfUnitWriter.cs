namespace ElfMmu.Dwarf;

/// <summary>Writes the entries of units (DWARF 5, chapters 3 and 4).</summary>
internal sealed class DwarfUnitWriter
{
    private readonly DwarfTarget _target;
    private readonly DwarfStrings _strings;
    private readonly DwarfStrings _lineStrings;
    private readonly DwarfEntries _entries;
    private readonly DwarfTypeEntries _types;
    private readonly DwarfLineWriter _lines;
    private readonly DwarfRanges _ranges;
    private readonly DwarfFrameWriter _frames;

    public DwarfUnitWriter(DwarfTarget target)
    {
        _target = target;
        _strings = new DwarfStrings(target, ".debug_str");
        _lineStrings = new DwarfStrings(target, ".debug_line_str");
        _entries = new DwarfEntries(target, _strings);
        _types = new DwarfTypeEntries(_entries, target);
        _lines = new DwarfLineWriter(target, _lineStrings);
        _ranges = new DwarfRanges(target);
        _frames = new DwarfFrameWriter(target);
    }

    public IReadOnlyList<DwarfSection> Sections()
    {
        var sections = new List<DwarfSection>
        {
            new(".debug_info", _entries.Info.ToMemory()),
            _entries.Abbreviations(),
        };
        sections.AddRange(_ranges.Sections());
        if (_lines.Bytes.Length > 0)
        {
            sections.Add(new DwarfSection(".debug_line", _lines.Bytes.ToMemory()));
        }

        if (_frames.Bytes.Length > 0)
        {
            sections.Add(new DwarfSection(".debug_frame", _frames.Bytes.ToMemory()));
        }

        if (!_strings.IsEmpty)
        {
            sections.Add(_strings.ToSection());
        }

        if (!_lineStrings.IsEmpty)
        {
            sections.Add(_lineStrings.ToSection());
        }

        return sections;
    }

    public void Write(DwarfUnit unit)
    {
        foreach (DwarfFunction function in unit.Functions)
        {
            DwarfErrors.Range(_target, function.Address, function.Size, "function", function.Name);
        }

        var files = new DwarfFiles();
        List<DwarfLineSequence> sequences = DwarfLineSequence.Of(unit, _target);
        IReadOnlyList<DwarfRange> ranges = _ranges.Of(unit, sequences);
        uint? lines = WriteLines(unit, files, sequences);
        uint offset = (uint)_entries.Info.Length;
        _entries.BeginUnit();
        Unit(unit, ranges, lines);
        foreach (DwarfType type in DwarfTypeGraph.Of(unit).Types)
        {
            _types.Write(type);
        }

        unit.Constants.ForEach(Constant);
        unit.Variables.ForEach(v => Variable(v, files));
        unit.Functions.ForEach(f => Function(f, files));
        _entries.EndChildren();
        _entries.EndUnit();
        if (ranges.Count > 0)
        {
            _ranges.WriteTable(offset, ranges);
        }

        unit.Functions.ForEach(_frames.Write);
    }

    private uint? WriteLines(DwarfUnit unit, DwarfFiles files, List<DwarfLineSequence> sequences)
    {
        foreach (string? file in unit.Lines.Where(l => !l.IsEnd).Select(l => (string?)l.File)
            .Concat(unit.Functions.Select(f => f.File))
            .Concat(unit.Variables.Select(v => v.File)))
        {
            if (file != null)
            {
                files.Number(file);
            }
        }

        return files.Files.Count == 0 ? null : _lines.Write(unit, files, sequences);
    }

    private void Unit(DwarfUnit unit, IReadOnlyList<DwarfRange> ranges, uint? lines)
    {
        _entries.Begin(DwTag.CompileUnit, hasChildren: true);
        _entries.OptionalText(DwAttribute.Producer, unit.Producer);
        bool isUnknown = _target.Version < 5 && unit.Language == DwarfLanguage.C11;
        _entries.Data2(DwAttribute.Language, (int)(isUnknown ? DwarfLanguage.C99 : unit.Language));
        _entries.OptionalText(DwAttribute.Name, unit.Name);
        _entries.OptionalText(DwAttribute.CompilationDirectory, unit.Directory);
        if (ranges.Count == 1)
        {
            _entries.Address(DwAttribute.LowPc, ranges[0].Start);
            _entries.AddressSized(DwAttribute.HighPc, ranges[0].Size);
        }
        else if (ranges.Count > 1)
        {
            _entries.Address(DwAttribute.LowPc, 0);
            _entries.SectionOffset(DwAttribute.Ranges, _ranges.WriteList(ranges));
        }

        if (lines is { } offset)
        {
            _entries.SectionOffset(DwAttribute.StatementList, offset);
        }

        _entries.End();
    }

    private void Constant(DwarfConstant constant)
    {
        _entries.Begin(DwTag.Variable);
        _entries.Text(DwAttribute.Name, constant.Name);
        _entries.Type(constant.Type);
        _entries.Number(DwAttribute.ConstValue, constant.Value, constant.Name);
        _entries.End();
    }

    private void Variable(DwarfVariable variable, DwarfFiles files)
    {
        _entries.Begin(DwTag.Variable);
        _entries.Text(DwAttribute.Name, variable.Name);
        Declared(variable.File, variable.Line, files);
        _entries.Type(variable.Type);
        _entries.Flag(DwAttribute.External, variable.IsExternal);
        _entries.Location(DwarfLocation.Address(variable.Address), variable.Name);
        _entries.End();
    }

    private void Function(DwarfFunction function, DwarfFiles files)
    {
        DwarfFunctionType? type = function.Type;
        bool hasChildren = type is { Parameters.Count: > 0 } or { IsVariadic: true } || function.Locals.Count > 0;
        _entries.Begin(DwTag.Subprogram, hasChildren);
        _entries.Flag(DwAttribute.External, function.IsExternal);
        _entries.Text(DwAttribute.Name, function.Name);
        Declared(function.File, function.Line, files);
        _entries.Flag(DwAttribute.Prototyped, type is { IsPrototyped: true });
        _entries.Type(type?.ReturnType);
        _entries.Address(DwAttribute.LowPc, function.Address);
        if (function.Size > 0)
        {
            _entries.AddressSized(DwAttribute.HighPc, function.Size);
        }

        if (function.Frame != null)
        {
            _entries.FrameBase();
        }

        _entries.End();
        if (type != null)
        {
            _types.Parameters(type, areReal: true);
        }

        foreach (DwarfLocal local in function.Locals)
        {
            _entries.Begin(DwTag.Variable);
            _entries.Text(DwAttribute.Name, local.Name);
            Declared(local.Line > 0 ? function.File : null, local.Line, files);
            _entries.Type(local.Type);
            if (local.Location != null)
            {
                _entries.Location(local.Location, local.Name);
            }

            _entries.End();
        }

        if (hasChildren)
        {
            _entries.EndChildren();
        }
    }

    private void Declared(string? file, uint line, DwarfFiles files)
    {
        if (file != null)
        {
            _entries.Unsigned(DwAttribute.DeclarationFile, files.Number(file));
        }

        if (line > 0)
        {
            _entries.Unsigned(DwAttribute.DeclarationLine, line);
        }
    }
}
