# Dumps that stay open: how they are opened, taken by the cmdlets, and let go.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $folder = (New-Item -ItemType Directory "$TestDrive/dumps").FullName
    $sample = Get-SampleDump
    $small = New-SmallDump "$folder/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }

    function Get-Said([scriptblock]$Script, [string]$Stream) {
        & $Script *>&1 | Where-Object { $_ -is "System.Management.Automation.${Stream}Record" } | ForEach-Object { "$_" }
    }

    # Functions for a process of its own.
    $helpers = {
        function Get-Held([string]$Name) {
            @([IO.File]::ReadAllLines('/proc/self/maps') -match $Name).Count
            @([IO.Directory]::GetFiles('/proc/self/fd') | Where-Object { ([IO.FileInfo]$_).LinkTarget -match $Name }).Count
        }

        function Invoke-Collection {
            foreach ($i in 1..3) {
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
            }
        }
    }.ToString()
}

AfterAll { Close-MemoryDump -All }

Describe 'Open-MemoryDump' {
    BeforeAll {
        $null = New-SmallDump "$folder/with [brackets].bin"
        Push-Location $folder
    }

    AfterAll { Pop-Location }

    It 'emits what it opened' {
        $dump = Open-MemoryDump small.bin
        $dump | Should -BeOfType ElfMmu.Dumps.OpenedDump
        $dump.Path | Should -Be $small
        $dump.Container | Should -Be 'raw image'
        $dump.MemorySize | Should -Be 64kb
        $dump.IsClosed | Should -BeFalse
        $dump.Kept | Should -BeNullOrEmpty
        (Open-MemoryDump $sample).Architecture | Should -Be 'X86'
    }

    It 'takes paths, wildcards and files' {
        (Open-MemoryDump s*.bin).Path | Should -Be $small
        (Open-MemoryDump -LiteralPath 'with [brackets].bin').Path | Should -Be "$folder/with [brackets].bin"
        (Get-ChildItem $folder | Open-MemoryDump).Path | Should -Be $small, "$folder/with [brackets].bin"
        (Get-ErrorOf { Open-MemoryDump 'with [brackets].bin' }).FullyQualifiedErrorId | Should -Be "FileNotFound,$commands.OpenMemoryDumpCommand"
    }

    It 'loses only the file that can''t be opened' {
        $dumps = Open-MemoryDump none.bin, small.bin -ErrorAction SilentlyContinue -ErrorVariable failures
        $dumps.Path | Should -Be $small
        $failures.FullyQualifiedErrorId | Should -Be "FileNotFound,$commands.OpenMemoryDumpCommand"
    }

    It 'keeps the first one of those that Select-Object lets through' {
        $dump = Open-MemoryDump small.bin, 'with*' | Select-Object -First 1
        $dump.IsClosed | Should -BeFalse
    }

    It 'takes what is known of a raw image' {
        $words = New-PageTable @(@{ Virtual = 0x400000ul; Physical = 0x80009000ul }) -Root 0x80001000ul -Base 0x80000000ul
        $based = Open-MemoryDump (New-RawDump "$TestDrive/based.bin" 64kb $words) -RamBase 0x80000000
        $mapping = Get-PageTableMapping $based -Root 0x80001000 -Mode ia32e
        $mapping.PhysicalAddress | Should -Be 0x80009000ul
        $mapping.Dump.RamBase | Should -Be 0x80000000ul
        $machine = "$TestDrive/machine.yaml"
        [IO.File]::WriteAllText($machine, "cpu:`n  architecture: intel`n  registers_values: { cr3: 0x1000 }`nmmu: { mode: ia64 }`n")
        Get-PageTableMapping (Open-MemoryDump small.bin -Machine $machine) | Should -HaveCount 4
    }

    It 'says what there is to say once' {
        Get-Said { $script:dump = Open-MemoryDump small.bin -RamBase 0 -Verbose } Verbose |
            Should -Be "'$small' is taken as a raw image of RAM from physical 0x0 on, as given."
        $script:dump.Remarks | Should -HaveCount 1
        Get-Said { Get-PageTableMapping $script:dump @get -Verbose } Verbose | Should -Not -Match 'raw image'
        Get-Said { $script:dump = Open-MemoryDump $sample -RamBase 0 } Warning | Should -Match 'RAM base given is not used'
        Get-Said { Get-PageTableMapping $script:dump -MaximumCount 1 } Warning | Should -BeNullOrEmpty
    }

    It 'is shown with what is kept' {
        $dump = Open-MemoryDump $small
        $null = Get-PageTableMapping $dump @get
        $lines = ($dump | Out-String -Width 160) -split '\r?\n' | Where-Object { $_ }
        $lines[0] | Should -Match '^Path +Container +Memory +Architecture +Closed +Kept'
        $lines[2] | Should -Match 'raw image +64.0 KiB +Unknown +False +mappings of an address space'
        $dump | Format-List | Out-String -Width 160 | Should -Match '(?m)^MemorySize +: 0x10000\r?$'
    }
}

Describe 'Close-MemoryDump' {
    It 'says what it closes' {
        $dump = Open-MemoryDump $small
        Get-Said { Close-MemoryDump $dump -Verbose } Verbose | Should -Be "Closed '$dump'."
        Get-Said { $dump | Close-MemoryDump -Verbose } Verbose | Should -Be "'$dump' was closed already."
        Close-MemoryDump -All
        $dump = Open-MemoryDump $small
        Get-Said { Close-MemoryDump -All -Verbose } Verbose | Should -Be "Closed '$dump'."
        Get-Said { Close-MemoryDump -All -Verbose } Verbose | Should -Be 'No dump of this session was open.'
    }

    It 'says of a path what it wants instead' {
        $dump = Open-MemoryDump $small
        foreach ($wrong in { Close-MemoryDump $small }, { Get-Item $small | Close-MemoryDump }, { Close-MemoryDump -Dump $dump, $small }) {
            "$(Get-ErrorOf $wrong)" | Should -BeLike "*'*small.bin' is a path, and a path isn't open. Give the dump that Open-MemoryDump gave out, or -All *"
        }

        $dump.IsClosed | Should -BeFalse
    }

    It 'closes, and is quiet the second time' {
        $dump = Open-MemoryDump $small
        Close-MemoryDump $dump | Should -BeNullOrEmpty
        $dump.IsClosed | Should -BeTrue
        $dump, $dump | Close-MemoryDump
        Close-MemoryDump -Dump $dump, $dump
    }

    It 'closes everything with -All' {
        $dumps = Open-MemoryDump $small, $sample
        Close-MemoryDump -All
        $dumps.IsClosed | Should -Be $true, $true
    }

    It 'leaves the dumps of another session alone with -All' {
        $dump = Open-MemoryDump $small
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module) Import-Module $module; Close-MemoryDump -All; Remove-Module ElfMmu').AddArgument($modulePath).Invoke()
        $shell.Dispose()
        $dump.IsClosed | Should -BeFalse
    }

    It 'doesn''t disturb who is using the dump' {
        $dump = Open-MemoryDump $small
        $mappings = Get-PageTableMapping $dump @get | ForEach-Object { Close-MemoryDump $dump; $_ }
        $mappings | Should -HaveCount 4
        $other = Open-MemoryDump $sample
        Find-PageTableRoot $other -Top 2 | ForEach-Object { Close-MemoryDump $other; $_ } | Get-PageTableMapping -Rights wx |
            Should -Not -BeNullOrEmpty
    }

    It 'leaves objects of use' {
        $dump = Open-MemoryDump $small
        $mappings = Get-PageTableMapping $dump @get
        Close-MemoryDump $dump
        $mappings | Export-ElfCore "$TestDrive/after.elf"
        Read-ElfLoad "$TestDrive/after.elf" | Should -HaveCount 4
    }
}

Describe 'What <Command> takes for a dump' -ForEach @(
    @{ Command = 'Get-PageTableMapping'; Run = { $input | Get-PageTableMapping -Root 0x1000 -Mode ia32e }; Give = { param($Dump) Get-PageTableMapping $Dump -Root 0x1000 -Mode ia32e } }
    @{ Command = 'Find-PageTableRoot'; Run = { $input | Find-PageTableRoot -All -WarningAction Ignore }; Give = { param($Dump) Find-PageTableRoot $Dump -All -WarningAction Ignore } }) {
    BeforeAll {
        $odd = New-SmallDump "$folder/odd [1].bin"
        Push-Location $folder
        $null = New-PSDrive -Name ElfMmuTest -PSProvider FileSystem -Root $folder
        $expected = (& $Give $small).Count
        $expected | Should -BeGreaterThan 0
    }

    AfterAll {
        Pop-Location
        Remove-PSDrive ElfMmuTest
    }

    It 'is a path, from where PowerShell is, or from one of its drives' {
        & $Give 'small.bin' | Should -HaveCount $expected
        & $Give './small.bin' | Should -HaveCount $expected
        & $Give 'ElfMmuTest:/small.bin' | Should -HaveCount $expected
        & $Give 'sm?ll.*' | Should -HaveCount $expected
        & $Give 'ElfMmuTest:/sm*' | Should -HaveCount $expected
    }

    It 'is a file, whatever its name' {
        & $Give (Get-Item -LiteralPath $odd) | Should -HaveCount $expected
        Get-Item -LiteralPath $odd | & $Run | Should -HaveCount $expected
        & $Give (Resolve-Path -LiteralPath $odd) | Should -HaveCount $expected
        Resolve-Path -LiteralPath $odd | & $Run | Should -HaveCount $expected
    }

    It 'is an opened dump' {
        $dump = Open-MemoryDump $small
        & $Give $dump | Should -HaveCount $expected
        $dump | & $Run | Should -HaveCount $expected
    }

    It 'is the dump of an object' {
        $mapping = Get-PageTableMapping $small @get -MaximumCount 1
        & $Give $mapping.Dump | Should -HaveCount $expected
    }

    It 'is many of these at once' {
        $dump = Open-MemoryDump $small
        & $Give @($dump, 'small.bin', (Get-Item -LiteralPath $odd)) | Should -HaveCount (3 * $expected)
        $dump, 'small.bin', (Get-Item -LiteralPath $odd) | & $Run | Should -HaveCount (3 * $expected)
    }

    It 'is not <_>' -ForEach '42', '@{ a = 1 }', "''", "@('small.bin', '')", '(Get-Date)' {
        $failure = @(Get-ErrorOf { & $Give (Invoke-Expression $_) })
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike "CannotConvertArgumentNoMessage,$commands.*"
        $failure[0] | Should -Match 'A dump is named by its path, its file, a dump that Open-MemoryDump opened, what Get-MemoryDump says of one, what Convert-MemoryDump wrote, or a root that Find-PageTableRoot found or a dump names; .+ isn''t one of these\.'
    }

    It 'is not nothing' {
        foreach ($nothing in $null, @(), @($null)) {
            (Get-ErrorOf { & $Give $nothing }).FullyQualifiedErrorId | Should -BeLike "ParameterArgumentValidationError,$commands.*"
        }
    }

    It 'is completed with the names of files' {
        $line = "$Command small"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Match 'small\.bin$'
        $line = "$Command -Dump small"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Match 'small\.bin$'
    }
}

Describe 'Export-ElfCore -Dump' {
    It 'takes <_>' -ForEach 'a path', 'a file', 'an opened dump', 'a root' {
        $dump = switch ($_) {
            'a path' { $sample }
            'a file' { Get-Item $sample }
            'an opened dump' { Open-MemoryDump $sample }
            'a root' { Find-PageTableRoot $sample | Where-Object Root -EQ 0x904000 }
        }
        Export-ElfCore "$TestDrive/expected.elf" -Dump $sample -Root 0x904000 -Mode ia32e -Privilege User
        Export-ElfCore "$TestDrive/given.elf" -Dump $dump -Privilege User
        # Only the note that says where the root came from may differ.
        Read-ElfLoad "$TestDrive/given.elf" | Select-Object Start, Size, Physical, Flags | ConvertTo-Csv |
            Should -Be (Read-ElfLoad "$TestDrive/expected.elf" | Select-Object Start, Size, Physical, Flags | ConvertTo-Csv)
    }

    It 'takes one' {
        (Get-ErrorOf { Export-ElfCore "$TestDrive/x.elf" -Dump 42 }).FullyQualifiedErrorId | Should -BeLike 'CannotConvertArgument*'
        (Get-ErrorOf { Export-ElfCore "$TestDrive/x.elf" -Dump (Open-MemoryDump $small) @get -RamBase 0 }).FullyQualifiedErrorId |
            Should -Be "DumpAlreadyDescribed,$commands.ExportElfCoreCommand"
        "$TestDrive/x.elf" | Should -Not -Exist
    }
}

Describe 'A closed dump, or one that changed' {
    It 'is one clear error: <Id> of <Command>' -ForEach @(
        foreach ($id in 'DumpClosed', 'DumpChanged') {
            @{ Id = $id; Command = 'GetPageTableMapping'; Script = { Get-PageTableMapping $dump @get } }
            @{ Id = $id; Command = 'GetPageTableMapping'; Script = { Get-PageTableMapping $dump -AllRoots } }
            @{ Id = $id; Command = 'FindPageTableRoot'; Script = { Find-PageTableRoot $dump } }
            @{ Id = $id; Command = 'ExportElfCore'; Script = { Export-ElfCore "$TestDrive/x.elf" -Dump $dump @get } }
        }) {
        $path = New-SmallDump "$TestDrive/changing.bin"
        $dump = Open-MemoryDump $path
        if ($Id -eq 'DumpClosed') { Close-MemoryDump $dump } else { [IO.File]::AppendAllText($path, 'x') }
        $failure = @(Get-ErrorOf $Script)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -Be "$Id,$commands.${Command}Command"
        $failure[0].Exception.Message | Should -Match ([regex]::Escape($path))
        $failure[0].TargetObject | Should -Be $path
        Close-MemoryDump $dump
    }

    It 'is an error of its objects too when it changed' {
        $path = New-SmallDump "$TestDrive/changing.bin"
        $dump = Open-MemoryDump $path
        $mapping = Get-PageTableMapping $dump @get -MaximumCount 1
        (Get-Item $path).LastWriteTimeUtc = (Get-Item $path).LastWriteTimeUtc.AddSeconds(1)
        (Get-ErrorOf { $mapping | Get-PageTableMapping }).FullyQualifiedErrorId | Should -Be "DumpChanged,$commands.GetPageTableMappingCommand"
        (Get-ErrorOf { $mapping | Export-ElfCore "$TestDrive/x.elf" }).FullyQualifiedErrorId | Should -Be "DumpChanged,$commands.ExportElfCoreCommand"
        Close-MemoryDump $dump
    }
}

Describe 'What is kept' {
    BeforeEach { Close-MemoryDump -All }

    It 'spares the second walk, whatever the filter, and changes nothing' {
        $dump = Open-MemoryDump $sample
        (Get-Said { Get-PageTableMapping $dump -Verbose } Verbose)[-1] | Should -Match '^Walked \d+ tables'
        foreach ($more in @{}, @{ Rights = 'wx' }, @{ Privilege = 'User'; Rights = 'r!x' }, @{ IncludeAbsent = $true }, @{ MaximumCount = 3 },
            @{ PerPage = $true; MaximumCount = 50 }, @{ MinimumAddress = 0x401000ul; MaximumAddress = 0x410000ul }) {
            Get-PageTableMapping $dump @more | ForEach-Object ToString | Should -Be (Get-PageTableMapping $sample @more | ForEach-Object ToString)
            $isNarrow = $more.Keys -match 'PerPage|Address'
            $remark = @(Get-Said { Get-PageTableMapping $dump @more -Verbose } Verbose) -match '^Walked|earlier walk'
            $remark | Should -Match ($isNarrow ? '^Walked' : 'is known from an earlier walk') -Because "$($more.Keys)"
        }

        $dump.Kept | Should -Be 'mappings of an address space'
    }

    It 'says again what a walk lost' {
        $lossy = New-RawDump "$TestDrive/lossy.bin" 64kb @{ 0x1000 = 0x2007ul; 0x1008 = 0x999000007ul; 0x2000 = 0x3007ul; 0x3000 = 0x4007ul; 0x4000 = 0x5007ul }
        $dump = Open-MemoryDump $lossy
        $first = Get-Said { Get-PageTableMapping $dump @get } Warning
        $first | Should -Match 'aren''t in the dump'
        Get-Said { Get-PageTableMapping $dump @get } Warning | Should -Be $first
    }

    It 'spares the second search, for another cmdlet too' {
        $dump = Open-MemoryDump $sample
        $roots = Find-PageTableRoot $dump
        $dump.Kept | Should -Be 'a search for roots'
        Find-PageTableRoot $dump | Should -Be $roots
        $mappings = Get-PageTableMapping $dump -AllRoots -Privilege User
        $mappings.Root | Select-Object -Unique | Should -Be ($roots | Where-Object State -EQ Live).Root
        $dump.Kept | Should -Be 'a search for roots', "mappings of $($roots.Count) address spaces"
    }

    It 'is given up with the dump' {
        $dump = Open-MemoryDump $small
        $null = Get-PageTableMapping $dump @get
        $dump.Kept | Should -Not -BeNullOrEmpty
        Close-MemoryDump $dump
        $dump.Kept | Should -BeNullOrEmpty
    }

    It 'includes the place that a search found for a raw image' {
        $data = "$repository/tests/data/bare-sv39"
        $dump = Open-MemoryDump "$data/raw.bin.gz"
        $root = Find-PageTableRoot $dump -Top 1 -WarningAction Ignore
        $root.RamBase | Should -Be 0x80000000ul
        $first = $root.Dump.Reopen()
        $first.Dispose()
        $second = $root.Dump.Reopen()
        $second.Dispose()
        [object]::ReferenceEquals($first, $second) | Should -BeTrue
        $null = $root | Get-PageTableMapping -WarningAction Ignore
        $dump.Kept | Should -Be 'a search for roots', 'mappings of an address space'
        Close-MemoryDump $dump
        $third = $root.Dump.Reopen()
        $third.Dispose()
        [object]::ReferenceEquals($first, $third) | Should -BeFalse
    }
}

Describe 'Several threads' {
    BeforeEach { Close-MemoryDump -All }

    It 'share one dump' {
        $dump = Open-MemoryDump $sample
        $expected = Get-PageTableMapping $sample -Privilege User | ForEach-Object ToString
        $counts = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:modulePath
            $text = Get-PageTableMapping $using:dump -Privilege User | ForEach-Object ToString
            $roots = Find-PageTableRoot $using:dump
            "$($roots.Count) roots, " + ((Compare-Object $using:expected $text) ? 'different' : 'equal')
        }
        $counts | Should -Be (, "$((Find-PageTableRoot $sample).Count) roots, equal" * 8)
        $dump.Kept | Should -Be 'a search for roots', 'mappings of an address space'
    }

    It 'end what they began when one of them closes it' {
        $dump = Open-MemoryDump $sample
        $expected = @(Get-PageTableMapping $sample -PerPage).Count
        $results = 1..12 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:modulePath
            if ($_ -eq 6) { Close-MemoryDump $using:dump }
            try {
                @(Get-PageTableMapping $using:dump -PerPage -ErrorAction Stop).Count
            }
            catch {
                $_.FullyQualifiedErrorId
            }
        }
        $results | Should -HaveCount 12
        $results | Where-Object { $_ -notin $expected, "DumpClosed,$commands.GetPageTableMappingCommand" } | Should -BeNullOrEmpty
        $results | Should -Contain "DumpClosed,$commands.GetPageTableMappingCommand"
    }
}

Describe 'A dump is let go' -Skip:(-not $IsLinux) {
    BeforeAll {
        $packed = "$folder/packed.bin.gz"
        $bytes = [IO.File]::ReadAllBytes($small)
        $stream = [IO.Compression.GZipStream]::new([IO.File]::Create($packed), [IO.Compression.CompressionMode]::Compress)
        $stream.Write($bytes)
        $stream.Dispose()
    }

    It 'by the garbage collector, with its mapping and its file' {
        $held = Invoke-Fresh {
            Import-Module $args[0]
            . ([scriptblock]::Create($args[1]))
            $name = 'small\.bin|elfmmu-.*\.tmp'
            $d = Open-MemoryDump $args[2], $args[3]
            $null = Get-PageTableMapping $d -Root 0x1000 -Mode ia32e
            Get-Held $name
            $d = $null
            Invoke-Collection
            Get-Held $name
        } $helpers, $small, $packed
        $held | Should -Be 2, 2, 0, 0
    }

    It 'not by the garbage collector while a variable leads to it' {
        $held = Invoke-Fresh {
            Import-Module $args[0]
            . ([scriptblock]::Create($args[1]))
            $d = Open-MemoryDump $args[2]
            Invoke-Collection
            Get-Held 'small\.bin'
            (Get-PageTableMapping $d -Root 0x1000 -Mode ia32e).Count
        } $helpers, $small
        $held | Should -Be 1, 1, 4
    }

    It 'by an error that is kept in $Error only as long as that' {
        $held = Invoke-Fresh {
            Import-Module $args[0]
            . ([scriptblock]::Create($args[1]))
            $d = Open-MemoryDump $args[2]
            Get-PageTableMapping $d -Root 0x99000 -Mode ia32e -ErrorAction SilentlyContinue
            $d = $null
            $Error.Clear()
            Invoke-Collection
            Get-Held 'small\.bin'
        } $helpers, $small
        $held | Should -Be 0, 0
    }

    It 'by closing it' {
        $held = Invoke-Fresh {
            Import-Module $args[0]
            . ([scriptblock]::Create($args[1]))
            $d = Open-MemoryDump $args[2], $args[3]
            $d | Close-MemoryDump
            Get-Held 'small\.bin|elfmmu-.*\.tmp'
        } $helpers, $small, $packed
        $held | Should -Be 0, 0
    }

    It 'by removing the module, or importing it by force' {
        $held = Invoke-Fresh {
            Import-Module $args[0]
            . ([scriptblock]::Create($args[1]))
            $d = Open-MemoryDump $args[2]
            Remove-Module ElfMmu
            $d.IsClosed
            Get-Held 'small\.bin'
            Import-Module $args[0]
            $d = Open-MemoryDump $args[2]
            Import-Module $args[0] -Force
            $d.IsClosed
            (Get-PageTableMapping $args[2] -Root 0x1000 -Mode ia32e).Count
        } $helpers, $small
        $held | Should -Be $true, 0, 0, $true, 4
    }

    It 'by the end of the process, however it ends' {
        $temporary = (New-Item -ItemType Directory "$TestDrive/temporary").FullName
        $before = $env:TMPDIR
        $env:TMPDIR = $temporary
        try {
            $held = Invoke-Fresh {
                Import-Module $args[0]
                . ([scriptblock]::Create($args[1]))
                $d = Open-MemoryDump $args[2]
                Get-Held 'elfmmu-.*\.tmp'
            } $helpers, $packed
            $null = Invoke-Fresh {
                Import-Module $args[0]
                . ([scriptblock]::Create($args[1]))
                $d = Open-MemoryDump $args[2]
                [IO.File]::WriteAllText($args[3], (Get-Held 'elfmmu-.*\.tmp') -join ' ')
                kill -9 $PID
            } $helpers, $packed, "$TestDrive/killed.txt" 2>$null
        }
        finally {
            $env:TMPDIR = $before
        }

        $held | Should -Be 1, 1
        [IO.File]::ReadAllText("$TestDrive/killed.txt") | Should -Be '1 1'
        Get-FileName $temporary | Where-Object { $_ -like 'elfmmu-*' } | Should -BeNullOrEmpty
    }
}
