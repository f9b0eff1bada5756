"""What the columns of a sheet are called out there, kind by kind.

A header is looked up by its letters and digits only. A weak name counts only where no other
header of the sheet claims the same field: "Badge" is the employee id unless there is an "Emp ID".
"""

from functools import cache

from tracker.intake.rows import Kind
from tracker.intake.text import squash

WEAK, STRONG, SAID = 0, 1, 2
"""How surely a header means a field; what a person said outweighs everything."""

FIELDS: dict[Kind, tuple[str, ...]] = {
    "roster": (
        "employee_id", "name", "email", "unit", "role",
        "employment_type", "starts_on", "ends_on", "manager_email",
    ),
    "cards": ("employee_id", "type", "issuer", "issued_on", "expires_on", "number", "verified_on"),
    "absences": ("employee_id", "from", "until"),
    "exemptions": ("employee_id", "requirement", "from", "until", "reason", "approver"),
    "units": ("unit", "facility", "managers", "director"),
}  # fmt: skip
"""The canonical headers, in order."""

WHO = ("name", "email", "unit")
"""What a sheet without employee ids says of whom its rows are about; found by what rosters call it."""

KINDS: tuple[Kind, ...] = tuple(FIELDS)

_PERSON = """
    empid employeenumber employeeno employeecode empnumber empno empcode staffid staffnumber staffno
    personnelnumber personnelno personnelid payrollnumber payrollno payrollid workerid workernumber
    associateid associatenumber colleagueid teammemberid eid
"""
_PERSON_WEAK = "id userid personid badge badgenumber badgeno badgeid learnerid"
_UNIT = """
    dept department homeunit homedepartment homedept unitname departmentname deptname nursingunit
    ward wardname workunit
"""
_UNIT_WEAK = "location locationname area team"

_STRONG: dict[Kind, dict[str, str]] = {
    "roster": {
        "employee_id": _PERSON,
        "name": """
            fullname employeename employeefullname staffname staffmember employee personname
            nursename workername displayname legalname lastnamefirstname lastfirst
            lastnamecommafirstname
        """,
        "first_name": "firstname givenname forename first",
        "last_name": "lastname surname familyname last",
        "email": "emailaddress workemail workemailaddress employeeemail staffemail emailid mail",
        "unit": _UNIT,
        "role": "jobtitle position positiontitle positionname jobname jobrole job roletitle",
        "employment_type": "employeetype emptype employmentcategory workertype contracttype stafftype",
        "starts_on": """
            startdate start datestarted hiredate dateofhire datehired hired hiredon doh joindate
            joiningdate datejoined dateofjoining
        """,
        "ends_on": """
            enddate end dateended terminationdate termdate contractend contractenddate leavingdate
            lastworkingday
        """,
        "manager_email": """
            managersemail manageremailaddress supervisoremail supervisorsemail
            supervisoremailaddress linemanageremail reportstoemail
        """,
    },
    "cards": {
        "employee_id": _PERSON,
        "type": """
            certification certificationtype certificationname certtype certname credential
            credentialtype credentialname certificatetype certificatename cardtype course coursename
            coursetitle competency competencyname
        """,
        "issuer": """
            issuedby issuingbody issuingorganization issuingorganisation issuingagency certifyingbody
            certifyingorganization certifyingorganisation certifyingagency awardingbody provider
            trainingprovider trainingorganization trainingorganisation
        """,
        "issued_on": """
            issuedate issued dateissued dateofissue completiondate completed completedon
            datecompleted datetaken dateawarded datelastawarded dateearned dateobtained
        """,
        "expires_on": """
            expires expiry exp expdate expirydate expiration expirationdate expiredate expireson
            dateofexpiry dateofexpiration validuntil validto validthrough validthru goodthrough renewby
        """,
        "number": """
            cardnumber cardno cardid certificatenumber certificateno certificateid certnumber certno
            certificationnumber credentialnumber credentialid ecardcode ecardnumber ecard
        """,
        "verified_on": "verifieddate dateverified verificationdate",
    },
    "absences": {
        "employee_id": _PERSON,
        "from": """
            fromdate datefrom leavestart leavestartdate leavefrom startofleave absencestart
            absencestartdate absentfrom loastart loastartdate firstdayofleave
        """,
        "until": """
            untildate to todate dateto leaveend leaveenddate leaveuntil leaveto endofleave absenceend
            absenceenddate absentuntil loaend loaenddate lastdayofleave through throughdate
        """,
    },
    "exemptions": {
        "employee_id": _PERSON,
        "requirement": "requirementid exemptfrom exemption waiver waivedrequirement",
        "from": "fromdate datefrom validfrom exemptionstart waiverstart startdate start starts",
        "until": """
            untildate to todate dateto validuntil validto through exemptionend waiverend enddate end
            ends expires expirationdate expirydate
        """,
        "reason": "exemptionreason waiverreason justification",
        "approver": "approvedby authorizedby authorisedby",
    },
    "units": {
        "unit": _UNIT,
        "facility": "facilityname hospital hospitalname site sitename campus",
        "managers": """
            manager manageremail manageremails managersemail managersemails manageremailaddress
            unitmanager nursemanager
        """,
        "director": "directoremail directors directoremails directorsemail",
    },
}

_WEAK: dict[Kind, dict[str, str]] = {
    "roster": {
        "employee_id": _PERSON_WEAK,
        "name": "nurse person staff",
        "unit": _UNIT_WEAK,
        "role": "title profession discipline designation",
    },
    "cards": {
        "employee_id": _PERSON_WEAK,
        "type": "certificate cert card training trainingname",
        "issuer": "agency organization organisation",
        "issued_on": "awarded earned obtained coursedate",
        "number": "no code",
        "verified_on": "verified",
    },
    "absences": {
        "employee_id": _PERSON_WEAK,
        "from": "startdate start startson starts",
        "until": "enddate end endson ends",
    },
    "exemptions": {"employee_id": _PERSON_WEAK},
    "units": {"unit": _UNIT_WEAK},
}


@cache
def meanings(kind: Kind) -> dict[str, tuple[str, int]]:
    """Map every squashed header of a kind to its field and to how surely it means it."""
    found = {key: (field, WEAK) for field, text in _WEAK[kind].items() for key in text.split()}
    found |= {key: (field, STRONG) for field, text in _STRONG[kind].items() for key in text.split()}
    return found | {squash(field): (field, STRONG) for field in FIELDS[kind]}


@cache
def known_headers() -> frozenset[str]:
    """Give every squashed header that means something in some kind of sheet."""
    return frozenset(key for kind in KINDS for key in meanings(kind))
