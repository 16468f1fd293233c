"""Pages: 绩效管理."""

from flask import Blueprint

from portal.performance import (
    assessment_views,
    crosscheck_views,
    form_views,
    paper_views,
    report_views,
)

bp = Blueprint("performance", __name__, url_prefix="/performance")
bp.register_blueprint(form_views.bp)
bp.register_blueprint(paper_views.bp)
bp.register_blueprint(crosscheck_views.bp)
bp.register_blueprint(report_views.bp)
bp.register_blueprint(assessment_views.bp)
